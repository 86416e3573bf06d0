"""The clients that AppSync's users have, as they come from npm, on the local Regions."""

from __future__ import annotations

import json

import pytest

from antipode_tools.project.world_file import WorldFile
from tests.clients.tools import Node
from tests.e2e.clients import new_id


@pytest.mark.parametrize(
    ("client", "tls"),
    [
        pytest.param("apollo", False, id="Apollo Client"),
        pytest.param("amplify", True, id="Amplify over TLS, without which it does not subscribe"),
    ],
)
def test_a_javascript_client_hears_in_ireland_of_what_it_wrote_in_sydney(
    node: Node, world: WorldFile, client: str, tls: bool
) -> None:
    """Subscribes in Ireland, writes in Sydney, and reads in Ireland what was announced there."""
    id_ = new_id()
    regions = [
        {
            "url": (region.tls if tls and region.tls else region).graphql_url,
            "region": region.code,
            "apiKey": region.api_key,
        }
        for region in (world.regions["eu-west-1"], world.regions["ap-southeast-2"])
    ]
    said = node.run(
        "node",
        f"tests/clients/{client}.mjs",
        env={
            "REGIONS": json.dumps(regions),
            "ID": id_,
            "NODE_EXTRA_CA_CERTS": str(world.certificate_authority),
        },
    )
    item = {"id": id_, "item": "of a client of others"}
    assert json.loads(said, object_hook=without_typename) == {
        "written": {"createItemsModel": item},
        "announced": {"onCreateItemsModel": item},
        "read": {"getItemsModel": item},
    }


def without_typename(fields: dict[str, object]) -> dict[str, object]:
    """Apollo Client adds it to every selection."""
    return {name: value for name, value in fields.items() if name != "__typename"}
