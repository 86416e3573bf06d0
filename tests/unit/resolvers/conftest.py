from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerName, Json
from tests.moto_dynamodb import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def runner() -> CodeRunner:
    """Runs resolvers at 2026-01-02T03:04:05.678Z."""
    return CodeRunner(clock=lambda: 1767323045.678, random=lambda count: bytes(range(count)))


@pytest.fixture
def resolver(
    runner: CodeRunner, request: pytest.FixtureRequest
) -> Callable[[str, HandlerName, Json], Evaluation]:
    """Run a handler of one of the project's resolvers, by the resolver's name."""
    folder = request.config.rootpath / "graphql" / "resolvers"

    def run(name: str, handler: HandlerName, context: Json) -> Evaluation:
        return runner.run((folder / f"{name}.js").read_text(), handler, context)

    return run


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[DynamoDBClient]:
    with dynamodb_client() as client:
        yield client
