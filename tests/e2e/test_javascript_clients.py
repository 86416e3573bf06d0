"""The clients that AppSync's users have, as they come from npm, on the local Regions."""

from __future__ import annotations

import json

import pytest

from antipode_tools.project.world_file import WorldRegion
from tests.clients.tools import Node
from tests.e2e.clients import new_id


@pytest.mark.parametrize("client", ["apollo"])
def test_a_javascript_client_hears_in_ireland_of_what_it_wrote_in_sydney(
    node: Node, ireland: WorldRegion, sydney: WorldRegion, client: str
) -> None:
    """Subscribes in Ireland, writes in Sydney, and reads in Ireland what was announced there."""
    id_ = new_id()
    regions = [
        {"url": region.graphql_url, "region": code, "apiKey": region.api_key}
        for code, region in (("eu-west-1", ireland), ("ap-southeast-2", sydney))
    ]
    said = node.run(
        "node",
        f"tests/clients/{client}.mjs",
        env={"REGIONS": json.dumps(regions), "ID": id_},
    )
    item = {"id": id_, "item": "of a client of others"}
    plain = json.loads(
        said, object_hook=lambda each: {k: v for k, v in each.items() if k != "__typename"}
    )
    assert plain == {
        "written": {"createItemsModel": item},
        "announced": {"onCreateItemsModel": item},
        "read": {"getItemsModel": item},
    }
