"""The data sources of one Region: blocking AWS calls, kept off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, TypeVar, assert_never

from localaws.appsync import dynamodb_source, lambda_source
from localaws.appsync.answers import Answer, InvalidRequest
from localaws.appsync.deployed import DataSource, FunctionSource, NoneSource, TableSource
from localaws.appsync.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

_T = TypeVar("_T")


class DataSources:
    """Calls data sources. `threads` bounds how many calls run at once: give the clients as many
    pooled connections as it has threads."""

    def __init__(
        self, dynamodb: DynamoDBClient, functions: LambdaClient, threads: Executor
    ) -> None:
        self._dynamodb = dynamodb
        self._functions = functions
        self._threads = threads

    async def call(self, source: DataSource, request: Json) -> Answer:
        """What the source answers to a request handler's result. Raises InvalidRequest."""
        if not isinstance(request, dict):
            raise InvalidRequest("The request handler must return an object.")
        match source:
            case NoneSource():
                return Answer(request.get("payload"))
            case TableSource():
                return await self._run(
                    lambda: dynamodb_source.call(self._dynamodb, source.table, request)
                )
            case FunctionSource():
                return await self._invoke(source, request)
            case _:
                assert_never(source)

    async def call_batch(self, source: FunctionSource, payloads: Sequence[Json]) -> list[Answer]:
        """The answers to the payloads of several BatchInvoke requests, in their order."""
        return await self._run(
            lambda: lambda_source.invoke_batch(self._functions, source.function, payloads)
        )

    async def invoke(self, function: str, payload: Json) -> Answer:
        """What a function answers to a payload that no resolver made."""
        request = {"payload": payload}
        return await self._run(lambda: lambda_source.invoke(self._functions, function, request))

    async def _invoke(self, source: FunctionSource, request: Json) -> Answer:
        lambda_source.check_members(request)
        match request.get("operation"):
            case None:
                raise InvalidRequest("Value for field '$[operation]' not found.")
            case "Invoke":
                return await self._run(
                    lambda: lambda_source.invoke(self._functions, source.function, request)
                )
            case "BatchInvoke":
                return (await self.call_batch(source, [request.get("payload")]))[0]
            case other:
                raise InvalidRequest(f"Unsupported operation '{other}'.")

    async def _run(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def is_batch(request: Json) -> bool:
    return isinstance(request, dict) and request.get("operation") == "BatchInvoke"
