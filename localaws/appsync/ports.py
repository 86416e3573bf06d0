"""The seams between the parts of the local AppSync: what passes from one to the other.

`javascript` evaluates handlers, `endpoint` authenticates and executes, `realtime` holds the
sockets. Each knows the others only by what is defined here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from localaws.errors import LocalAwsError
from localaws.json_value import Json as Json

# -- Handlers: what an APPSYNC_JS request or response function did ------------------------------


class HandlerName(StrEnum):
    """The two functions that a resolver's code exports."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True)
class HandlerError:
    """An error from util.error, util.appendError or util.unauthorized, or a failure of the code."""

    message: str
    type: str | None = None
    data: Json = None
    info: Json = None


@dataclass(frozen=True)
class Evaluation:
    """The outcome of one handler: its result and its side effects."""

    result: Json = None
    error: HandlerError | None = None
    appended_errors: tuple[HandlerError, ...] = ()
    stash: Mapping[str, Json] = field(default_factory=dict)
    # The members of `ctx` that the handler wrote into, for the later handlers of the same run.
    context: Mapping[str, Json] = field(default_factory=dict)
    logs: tuple[str, ...] = ()
    early_return: bool = False
    skip_to_end: bool = False  # runtime.earlyReturn(..., {skipTo: "END"}): the rest of a pipeline
    subscription_filter: Json = None
    invalidation_filter: Json = None
    invalidations: tuple[Json, ...] = ()
    response_headers: Mapping[str, str] = field(default_factory=dict)


class Evaluator(Protocol):
    """Runs one handler of a resolver's code. What the code raises becomes `error`."""

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation: ...


# -- Requests -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GraphQLRequest:
    """One GraphQL request, however it was sent."""

    query: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    operation_name: str | None = None


@dataclass(frozen=True)
class GraphQLError:
    """One entry of `errors`, in the service's shape: the extra fields are at the top level."""

    message: str
    error_type: str | None = None
    error_info: Json = None
    data: Json = None
    path: Sequence[str | int] | None = None
    locations: Sequence[Mapping[str, Json]] | None = None


# The path that a client signs before it opens a socket, whatever the socket's own path is.
CONNECT_PATH = "/graphql/connect"


@dataclass(frozen=True)
class SignedRequest:
    """What a signature covers: a request as the client presented it, before any parsing.

    For a socket, `path` is the one the client signed (CONNECT_PATH or `/graphql`), `body`
    the exact bytes, and `headers` the fields of the header JSON.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""


class AuthMode(StrEnum):
    """The service's authorization modes, by the names that its API uses."""

    API_KEY = "API_KEY"
    AWS_IAM = "AWS_IAM"
    AWS_LAMBDA = "AWS_LAMBDA"
    OPENID_CONNECT = "OPENID_CONNECT"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"


@dataclass(frozen=True)
class Identity:
    """An authenticated caller: the mode that was used, and what resolvers see as `ctx.identity`.

    Args:
        denied: (type, field) that this caller may not read, whatever the schema's directives say.
        policies_of: the ARN of the IAM user or role whose policies apply.
    """

    mode: AuthMode
    context: Json = None
    denied: frozenset[tuple[str, str]] = frozenset()
    policies_of: str | None = None


# The service's message if IAM's policies allow none of a request's fields.
PERMISSION_DENIED = "Permission denied"


class Unauthenticated(LocalAwsError):
    """The whole request is refused: HTTP 401, or a connection_error on a socket.

    The service leaves the message out if a Lambda authorizer failed.
    """

    def __init__(self, message: str | None, error_type: str = "UnauthorizedException") -> None:
        super().__init__(message or error_type)
        self.message = message
        self.error_type = error_type


# -- Subscriptions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announcement:
    """A completed mutation field that has subscribers: `value` is what it selected."""

    mutation: str
    value: Json


@dataclass(frozen=True)
class Invalidation:
    """A mutation's resolver ends the subscriptions of a field whose filter matches this payload."""

    field: str
    payload: Json


class Subscription(Protocol):
    """One accepted subscription: which announcements it receives, and in what form."""

    @property
    def field(self) -> str: ...

    def matches(self, announcement: Announcement) -> bool: ...

    def ended_by(self, invalidation: Invalidation) -> bool: ...

    def payload(self, announcement: Announcement) -> Json:
        """`{"data": {...}}`, with `errors` where a non-null field is missing."""

    @property
    def shape(self) -> object:
        """Hashable; subscriptions of the same shape get the same text for an announcement."""


class SubscriptionRefused(LocalAwsError):
    """The service answers a start with an error frame."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)


class Endpoint(Protocol):
    """What the sockets need of a Region's GraphQL API."""

    @property
    def hosts(self) -> frozenset[str]:
        """The host names, with and without port, that a client's header JSON may name."""

    async def authenticate(self, request: SignedRequest) -> Identity:
        """Raises Unauthenticated."""

    async def subscribe(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Subscription:
        """Validate, check directives, run the field's resolver, which sees the connection's
        headers. Raises SubscriptionRefused."""
