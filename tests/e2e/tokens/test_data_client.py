"""Amplify's clients, as they come from npm, with what `antipode outputs` prints.

The data client makes its statements itself; the GraphQL client runs those of amplify codegen.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from antipode_tools.operate.drain.command import Run as World
from antipode_tools.operate.output import Output
from antipode_tools.operate.outputs.command import Run, outputs
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.schema.command import SCHEMA, introspected
from tests.clients.statements import statements
from tests.clients.tools import Node
from tests.e2e.clients import new_id

# What a program says.
Json = Any

pytestmark = pytest.mark.asyncio(loop_scope="session")


def printed(region: str, world: World) -> str:
    """What the command prints of a Region."""
    assert world.root is not None
    introspection = introspected(world.root)
    assert introspection is not None
    out = io.StringIO()
    run = Run(
        introspection=introspection,
        root=world.root,
        state=world.state,
        output=Output(out, io.StringIO()),
    )
    assert outputs(region, run) is ExitCode.DONE
    return out.getvalue()


@pytest.fixture
def settings(
    run: World, world: WorldFile, ireland: WorldRegion, tmp_path: Path
) -> Mapping[str, str]:
    """What a program is given: the outputs of both Regions, and how to sign in."""
    files = [tmp_path / f"{region}.json" for region in ("ireland", "sydney")]
    for file in files:
        file.write_text(printed(file.stem, run))
    assert ireland.auth.token is not None
    return {
        "OUTPUTS": json.dumps([str(file) for file in files]),
        "TOKEN": ireland.auth.token.mint(),
        "ID": new_id(),
        "NODE_EXTRA_CA_CERTS": str(world.certificate_authority),
    }


async def told(node: Node, program: str, settings: Mapping[str, str]) -> Json:
    """What a program says of what it did."""
    said = await asyncio.to_thread(node.run, "node", f"tests/clients/{program}", env=settings)
    return json.loads(said)


async def test_the_data_client_does_what_it_does_on_amplify_and_hears_every_region(
    node: Node, settings: Mapping[str, str]
) -> None:
    id_ = settings["ID"]
    assert await told(node, "data.mjs", settings) == {
        "created": ["Travels", 1, "eu-west-1", None],
        "again": ["DynamoDB:ConditionalCheckFailedException"],
        "got": "Travels",
        "missing": [None, None],
        "updated": ["Voyages", 2],
        "filtered": [2, 3],
        "pages": [1, 2, 3],
        "sorted": ["b third", "a second", "a first"],
        "begun": ["a first"],
        "newest": [3, 2],
        "price": 250,
        "listed": ["2026-02-01", "2026-01-01"],
        "byCents": ["2026-02-01"],
        "deleted": "de",
        "blog": "Voyages",
        "cover": "https://example.com/cover",
        "comments": ["a first", "a second", "b third"],
        "postOfComment": True,
        "posts": [1, 2, 3],
        "theme": "dark",
        "label": "sea",
        "atOnce": {
            "title": f"one {id_}",
            "place": {"city": "Cork"},
            "blog": {"name": "Voyages"},
            "cover": {"url": "https://example.com/cover"},
            "comments": ["a first", "a second", "b third"],
            "labels": [{"label": {"text": "sea"}}],
        },
        "moved": ["done", 2],
        "found": ["done"],
        "observed": [1, 2, 3, 4, 6],
        "onCreate": [[5, "ap-southeast-2"]],
        "onUpdate": [[6, "UPDATE"]],
        "onDelete": [[6, "eu-west-1"]],
        "without": [1, 2, 3, 4],
        # It left the filter, and is told with what it has become.
        "left": 3,
    }


async def test_statements_of_amplify_codegen_do_what_they_do_on_amplify(
    node: Node, run: World, settings: Mapping[str, str], tmp_path: Path
) -> None:
    assert run.root is not None
    appsync = (project_root() / "graphql" / "appsync.graphql").read_text()
    schema = build_schema(appsync + (run.root / SCHEMA).read_text())
    (tmp_path / "statements.json").write_text(json.dumps(statements(schema)))
    given = {**settings, "STATEMENTS": str(tmp_path / "statements.json")}
    failed = ["DynamoDB:ConditionalCheckFailedException"]
    typename = "ModelCommentConnection"
    assert await told(node, "statements.mjs", given) == {
        "post": [
            "Cork",
            "Travels",
            {"items": [], "nextToken": None, "__typename": typename},
            "Post",
        ],
        "comment": ["first", "Cork", 1],
        "stale": failed,
        "updated": "second",
        "taken": failed,
        "got": ["Travels", ["second"], []],
        "page": ["second"],
        "filtered": ["second"],
        "unfiltered": True,
        "prices": [250],
        "deleted": "second",
        "onCreate": ["first", None, "eu-west-1"],
        "onUpdate": ["second", None, "eu-west-1"],
        "onDelete": ["second", None, "eu-west-1"],
    }
