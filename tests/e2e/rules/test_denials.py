"""What Amplify's data client, as it comes from npm, shows where rules do not let its user in."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest

from antipode_tools.operate.drain.command import Run as World
from antipode_tools.operate.output import Output
from antipode_tools.operate.outputs.command import Run, outputs
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.schema.command import introspected
from tests.clients.tools import Node
from tests.e2e.clients import new_id
from tests.e2e.rules.callers import Who, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_data_client_shows_a_denial_as_errors_and_another_s_item_as_none(
    node: Node, run: World, world: WorldFile, ireland: WorldRegion, tmp_path: Path
) -> None:
    ada, sam, bob = Who("ada"), Who("sam", ("staff",)), Who("bob")
    ids = {name: new_id() for name in ("section", "story", "hall", "job", "ware")}
    await write(ireland, ada, "createSection", id=ids["section"], heading="Harbour")
    story = {"id": ids["story"], "sectionId": ids["section"], "headline": "A ship"}
    await write(ireland, ada, "createStory", **story)
    await write(ireland, ada, "createHall", id=ids["hall"], title="Forge")
    await write(ireland, ada, "createJob", id=ids["job"], hallId=ids["hall"], rank=1)
    await write(ireland, sam, "createWare", id=ids["ware"], code="W1", cost=2.5)
    file = tmp_path / "outputs.json"
    file.write_text(printed(run))
    settings = {
        "OUTPUTS": str(file),
        "TOKEN": bob.token(ireland),
        "IDS": json.dumps(ids),
        "NODE_EXTRA_CA_CERTS": str(world.certificate_authority),
    }

    said = await asyncio.to_thread(node.run, "node", "tests/clients/denials.mjs", env=settings)

    assert json.loads(said) == {
        "createForAnother": [None, denied("createStory", "Mutation")],
        "update": [None, denied("updateStory", "Mutation")],
        "delete": [None, denied("deleteStory", "Mutation")],
        "get": [None],
        "list": [[]],
        "related": [[]],
        "field": [["W1", None], denied("cost", "Ware", "getWare.cost")],
        "writeField": [None, denied("updateWare", "Mutation")],
    }


def denied(field: str, type_: str, path: str | None = None) -> list[str]:
    message = f"Not Authorized to access {field} on type {type_}"
    return ["Unauthorized", message, path or field]


def printed(run: World) -> str:
    """What `antipode outputs ireland` prints."""
    assert run.root is not None
    introspection = introspected(run.root)
    assert introspection is not None
    out = io.StringIO()
    output = Output(out, io.StringIO())
    asked = Run(introspection=introspection, root=run.root, state=run.state, output=output)
    assert outputs("ireland", asked) is ExitCode.DONE
    return out.getvalue()
