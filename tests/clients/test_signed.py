"""The signer of docs/clients.md, with the packages that it names: each signature is verified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

from antipode_tools.world.serving.data_plane import Address
from localaws.appsync.plane import DataPlane
from localaws.appsync.ports import AuthMode
from localaws.serving import serving
from localaws.sockets import listen, number
from tests.clients.tools import Node
from tests.unit.localaws.appsync.fakes import REGION, RELAY, World

SDL = """
type Change { kind: String sequence: String region: String }
type Todo { id: ID! name: String _change: Change }
type Todos { items: [Todo] nextToken: String }
type Query { listTodos(limit: Int, nextToken: String): Todos }
type Mutation { publish(id: ID!, name: String): Todo }
type Subscription { onCreateTodo: Todo @aws_subscribe(mutations: ["publish"]) }
"""


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """An API that takes signed requests alone; yields its URL."""
    world = World(sdl=SDL)
    world.value("Query", "listTodos", {"items": [{"id": "1", "name": "tea"}]})
    change = {"kind": "CREATE", "sequence": "1", "region": REGION}
    world.unit(
        "Mutation", "publish", lambda ctx: {"payload": {**ctx["arguments"], "_change": change}}
    )
    with listen(0) as listener:
        address = Address(number(listener))
        plane = DataPlane(
            hosts=address.hosts,
            principals={RELAY.access_key_id: RELAY},
            evaluator=world.evaluator,
            dynamodb=cast("Any", None),
            functions=cast("Any", world.functions),
            evaluate=world.policies,
            fetch=world.web,
            now=lambda: datetime.now(UTC),
        )
        plane.attach(
            world.api(default_mode=AuthMode.AWS_IAM, additional_modes=(), api_keys=()),
        )
        async with serving(plane, listener):
            yield f"http://{address.host}/graphql"
        await plane.close()
    world.threads.shutdown()


async def said(node: Node, secret: str) -> Any:
    """What the program with the signer says."""
    credentials = {
        "accessKeyId": RELAY.access_key_id,
        "secretAccessKey": secret,
        "sessionToken": RELAY.session_token,
    }
    async with served() as url:
        region = {"name": "ireland", "region": REGION, "graphqlUrl": url}
        env = {"REGION": json.dumps(region), "CREDENTIALS": json.dumps(credentials)}
        return json.loads(
            await asyncio.to_thread(node.run, "node", "tests/clients/signed.mjs", env=env)
        )


async def test_what_is_signed_as_documented_is_taken(node: Node) -> None:
    assert await said(node, RELAY.secret_access_key) == [["tea"], ["tea", "milk"]]


async def test_what_another_key_signed_is_not(node: Node) -> None:
    assert "signature" in await said(node, "another")
