"""The signer of docs/clients.md, with the packages that it names: each signature is verified."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from localaws.appsync.ports import AuthMode
from tests.clients.tools import Node
from tests.unit.localaws.appsync.fakes import REGION, RELAY, World
from tests.unit.localaws.appsync.served import served

SDL = """
type Change { kind: String sequence: String region: String }
type Todo { id: ID! name: String _change: Change }
type Todos { items: [Todo] nextToken: String }
type Query { listTodos(limit: Int, nextToken: String): Todos }
type Mutation { publish(id: ID!, name: String): Todo }
type Subscription { onCreateTodo: Todo @aws_subscribe(mutations: ["publish"]) }
"""


def todos() -> World:
    """Holds tea, and takes what is published."""
    world = World(sdl=SDL)
    world.value("Query", "listTodos", {"items": [{"id": "1", "name": "tea"}]})
    change = {"kind": "CREATE", "sequence": "1", "region": REGION}
    world.unit(
        "Mutation", "publish", lambda ctx: {"payload": {**ctx["arguments"], "_change": change}}
    )
    return world


async def said(node: Node, secret: str) -> Any:
    """What the program with the signer says."""
    credentials = {
        "accessKeyId": RELAY.access_key_id,
        "secretAccessKey": secret,
        "sessionToken": RELAY.session_token,
    }
    made = todos()
    # It takes signed requests alone.
    api = made.api(default_mode=AuthMode.AWS_IAM, additional_modes=(), api_keys=())
    async with served(made, api, lambda: datetime.now(UTC)) as address:
        region = {"name": "ireland", "region": REGION, "graphqlUrl": address.graphql_url}
        env = {"REGION": json.dumps(region), "CREDENTIALS": json.dumps(credentials)}
        return json.loads(
            await asyncio.to_thread(node.run, "node", "tests/clients/signed.mjs", env=env)
        )


async def test_what_is_signed_as_documented_is_taken(node: Node) -> None:
    assert await said(node, RELAY.secret_access_key) == [["tea"], ["tea", "milk"]]


async def test_what_another_key_signed_is_not(node: Node) -> None:
    assert "signature" in await said(node, "another")
