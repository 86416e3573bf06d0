"""One Region's GraphQL API: authenticates callers, runs their requests, accepts subscriptions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from localaws.appsync import strict_json
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import Api
from localaws.appsync.documents import (
    Documents,
    InvalidDocument,
    RequestRefused,
    is_subscription,
    root_fields,
)
from localaws.appsync.errors import to_json
from localaws.appsync.execution import Executed, Execution, Surroundings, run_operation
from localaws.appsync.identity import Authenticator
from localaws.appsync.permissions import Permissions
from localaws.appsync.ports import (
    Announcement,
    Evaluator,
    GraphQLError,
    GraphQLRequest,
    Identity,
    Invalidation,
    Json,
    SignedRequest,
    Subscription,
    SubscriptionRefused,
)
from localaws.appsync.schema import build_schema
from localaws.appsync.subscriptions import accept

log = logging.getLogger(__name__)

# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_PAYLOAD_BYTES = 240 * 1024
REQUEST_TIMEOUT_S = 30.0

_TIMED_OUT = GraphQLError("Execution timed out.", "ExecutionTimeout")


class GraphQLEndpoint:
    """An API as deployed, ready to serve. Its callbacks are called in the event loop."""

    def __init__(
        self,
        api: Api,
        *,
        hosts: frozenset[str],
        authenticator: Authenticator,
        permissions: Permissions,
        evaluator: Evaluator,
        sources: DataSources,
        announce: Callable[[Announcement], None],
        invalidate: Callable[[Invalidation], None],
        timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> None:
        """Raises SchemaError."""
        schema = build_schema(api.sdl, api.default_mode, only_mode=not api.additional_modes)
        self._around = Surroundings(api, schema, evaluator, sources)
        self._documents = Documents(
            schema, introspection=api.introspection, depth_limit=api.depth_limit
        )
        self._hosts = hosts | {api.host}
        self._authenticator = authenticator
        self._permissions = permissions
        self._announce = announce
        self._invalidate = invalidate
        self._timeout_s = timeout_s
        self.oversized = 0
        "Announcements that were not delivered because they were over the size limit."

    @property
    def hosts(self) -> frozenset[str]:
        return self._hosts

    async def authenticate(self, request: SignedRequest) -> Identity:
        """Raises Unauthenticated."""
        return await self._authenticator.authenticate(request)

    async def execute(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Executed:
        """Run a query or a mutation; its announcements are delivered before this returns.

        Raises RequestRefused if the service would answer with an HTTP error, and Unauthenticated
        if IAM allows none of its fields.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                executed = await self._run(identity, request, headers)
        except InvalidDocument as error:
            return Executed(_without_data(*error.errors))
        except TimeoutError:
            return Executed(_without_data(_TIMED_OUT))
        for announcement in executed.announcements:
            self._announce_within_limit(announcement)
        for invalidation in executed.invalidations:
            self._invalidate(invalidation)
        return executed

    async def subscribe(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Subscription:
        """Raises SubscriptionRefused, and Unauthenticated if IAM does not allow the field."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await accept(
                    self._around, self._documents, self._permissions, identity, request, headers
                )
        except TimeoutError:
            raise SubscriptionRefused([_TIMED_OUT]) from None

    async def _run(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Executed:
        document = self._documents.prepare(request.query)
        operation = document.operation(request.operation_name)
        if is_subscription(operation):
            raise RequestRefused(
                400, "BadRequestException", "Subscriptions over MQTT is not supported."
            )
        asked = root_fields(self._around.schema, document, operation)
        identity = await self._permissions.narrowed(identity, asked)
        execution = Execution(self._around, document, identity, headers, request.variables)
        return await run_operation(execution, operation)

    def _announce_within_limit(self, announcement: Announcement) -> None:
        size = payload_bytes(announcement.value)
        if size <= MAX_PAYLOAD_BYTES:
            self._announce(announcement)
            return
        # The service reports this to nobody: the publisher's mutation succeeds.
        self.oversized += 1
        log.warning(
            "%s was not announced: payload is %d bytes, limit is %d",
            announcement.mutation,
            size,
            MAX_PAYLOAD_BYTES,
        )


def payload_bytes(value: Json) -> int:
    """The size of a mutation field's answer as AppSync counts it: UTF-8, without whitespace."""
    return len(strict_json.encoded(value))


def _without_data(*errors: GraphQLError) -> Json:
    return {"data": None, "errors": [to_json(error) for error in errors]}
