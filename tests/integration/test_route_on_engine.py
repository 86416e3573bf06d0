"""`antipode route` against a KeyValueStore as the engine has it."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from antipode_tools.operate.output import Output
from antipode_tools.operate.route import command
from antipode_tools.operate.route.changes import Changes
from antipode_tools.operate.route.command import Run
from antipode_tools.operate.route.store import ChangedMeanwhileError, KeyValueStore
from antipode_tools.operate.route.target import Edge
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.config import project_root
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from tests.unit.antipode_tools.operate.route.fakes import DOMAINS, REGIONS, ROUTES

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

REGION = "us-east-1"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    environment = isolated(os.environ, run=tmp_path, region=REGION)
    installation = EngineInstallation(root=project_root(), shared=project_root() / ".local")
    if not installation.current:
        await installation.install(environment=environment, log=tmp_path / "install.log")
    engine = await Engine.start(
        installation, port=0, run=tmp_path, region=REGION, log=tmp_path / "engine.log"
    )
    yield engine
    await engine.stop()


@pytest.fixture
def store(engine: Engine) -> KeyValueStore:
    aws = Aws(engine.url)
    # The stubs of CloudFront itself are large, and this is its only call.
    cloudfront: Any = aws.session.client("cloudfront", **aws.at(REGION))
    made = cloudfront.create_key_value_store(Name="routes")["KeyValueStore"]
    client = aws.session.client("cloudfront-keyvaluestore", **aws.at(REGION))
    _reach(client, engine.url)
    return KeyValueStore(client, made["ARN"])


def _reach(client: CloudFrontKeyValueStoreClient, url: str) -> None:
    """botocore puts the account before the host, which no name server here knows."""

    def before_send(request: Any, **_: object) -> None:
        path = request.url.partition("/key-value-stores/")[2]
        request.url = f"{url}/key-value-stores/{path}"

    client.meta.events.register("before-send.cloudfront-keyvaluestore", before_send)


def run(store: KeyValueStore, work: str, *arguments: Any, **options: Any) -> Any:
    out = io.StringIO()
    edge = Edge("antipode-edge", store, DOMAINS, REGIONS)
    told = Run(json_output=True, edge=edge, output=Output(out, out))
    assert getattr(command, work)(*arguments, told, **options) is ExitCode.DONE, out.getvalue()
    return json.loads(out.getvalue())


async def test_routes_are_set_shown_and_drained(store: KeyValueStore) -> None:
    def work() -> None:
        assert run(store, "show")["regions"] == {}
        assert len(run(store, "set_", ROUTES)["put"]) == 5
        assert set(run(store, "drain", "ireland", drained=True)["put"]) == {"routes"}
        shown = run(store, "show")
        assert (shown["regions"], shown["drained"]) == (DOMAINS, ["eu-west-1"])
        assert run(store, "drain", "ireland", drained=False)["drained"] == []
        assert run(store, "set_", ROUTES)["put"] == {}

    await asyncio.to_thread(work)


async def test_more_keys_than_a_call_takes_are_written_and_read(store: KeyValueStore) -> None:
    def work() -> None:
        keys = {f"country:{number}": "{}" for number in range(120)}
        version = store.read().version
        for batch in Changes(keys).batches():
            version = store.write(batch, version)
        assert store.read().keys == keys

    await asyncio.to_thread(work)


async def test_the_second_of_two_writers_has_to_read_again(store: KeyValueStore) -> None:
    def work() -> None:
        version = store.read().version
        store.write(Changes({"default": "{}"}), version)
        with pytest.raises(ChangedMeanwhileError, match="somebody else has just changed them"):
            store.write(Changes({"default": "[]"}), version)
        assert store.read().keys == {"default": "{}"}

    await asyncio.to_thread(work)
