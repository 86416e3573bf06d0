"""The AppSync data plane of one Region: HTTP and WebSockets on one port, as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from localaws.appsync.counts import Counts
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import Api
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.http import GraphQLOverHttp
from localaws.appsync.identity import Authenticator
from localaws.appsync.key_sets import Fetch, KeySets
from localaws.appsync.lambda_authorizer import LambdaAuthorizer
from localaws.appsync.permissions import Permissions
from localaws.appsync.ports import Evaluator
from localaws.appsync.realtime.session import Sockets
from localaws.asgi import Message, Receive, Send
from localaws.iam.policies import Evaluate
from localaws.iam.principals import Principal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

# How many calls to data sources run at once: the clients need as many pooled connections.
CALLS_AT_ONCE = 16


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DataPlane:
    """Serves the API that was attached last, and nothing before one is attached."""

    def __init__(
        self,
        *,
        hosts: frozenset[str],
        principals: Mapping[str, Principal],
        evaluator: Evaluator,
        dynamodb: DynamoDBClient,
        functions: LambdaClient,
        evaluate: Evaluate,
        fetch: Fetch,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`hosts` are the names, with and without port, that clients reach this plane by;
        `evaluate` asks IAM, and `fetch` gets the key sets of tokens' issuers."""
        self._hosts = hosts
        self._principals = principals
        self._evaluator = evaluator
        self._evaluate = evaluate
        self._now = now
        self._keys = KeySets(fetch, now)
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="data-source")
        self._sources = DataSources(dynamodb, functions, self._threads)
        self._endpoint: GraphQLEndpoint | None = None
        self.counts = Counts()
        "What it has done for all APIs that were attached."
        self._http = GraphQLOverHttp(self._current, self.counts)
        self.sockets = Sockets(self._current, counts=self.counts)

    def attach(self, api: Api) -> None:
        """Serve this API from now on. If this raises SchemaError, the previous one is kept."""
        self._endpoint = GraphQLEndpoint(
            api,
            hosts=self._hosts,
            authenticator=self._authenticator(api),
            permissions=Permissions(self._evaluate, api.arn, self._now),
            evaluator=self._evaluator,
            sources=self._sources,
            announce=self.sockets.announce,
            invalidate=self.sockets.invalidate,
        )

    def _authenticator(self, api: Api) -> Authenticator:
        return Authenticator(
            api,
            principals=self._principals,
            keys=self._keys,
            authorizer=LambdaAuthorizer.of(api, self._sources.invoke, self._now),
            now=self._now,
        )

    @property
    def oversized(self) -> int:
        """How many announcements of the current API were over the size limit."""
        return self._endpoint.oversized if self._endpoint else 0

    async def close(self) -> None:
        """Close the sockets, and free the threads once their calls are done."""
        await self.sockets.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self.sockets(scope, receive, send)
            case "lifespan":
                await _live(receive, send)
            case other:
                raise ValueError(f"{other} is not a scope that this application serves")

    def _current(self) -> GraphQLEndpoint | None:
        return self._endpoint


async def _live(receive: Receive, send: Send) -> None:
    # Whoever made the plane closes it: a server may stop and start again with the same one.
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
