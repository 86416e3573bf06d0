"""One AppSync API as it is deployed: what the data plane serves.

https://docs.aws.amazon.com/appsync/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localaws.appsync.ports import AuthMode
from localaws.errors import LocalAwsError

# How many payloads one BatchInvoke carries where the resolver does not say.
# https://docs.aws.amazon.com/appsync/latest/devguide/tutorial-lambda-resolvers-js.html
DEFAULT_BATCH_SIZE = 5


class DeploymentError(LocalAwsError):
    """The API as deployed has something that the local data plane does not run."""


@dataclass(frozen=True)
class NoneSource:
    """A data source of type NONE: the request's payload is the result."""

    name: str


@dataclass(frozen=True)
class TableSource:
    """A DynamoDB table of the API's own Region."""

    name: str
    table: str


@dataclass(frozen=True)
class FunctionSource:
    """A Lambda function, by name or ARN."""

    name: str
    function: str


DataSource = NoneSource | TableSource | FunctionSource


@dataclass(frozen=True)
class Step:
    """One piece of APPSYNC_JS with the data source between its two handlers."""

    name: str
    code: str
    source: DataSource
    batch_size: int = DEFAULT_BATCH_SIZE


@dataclass(frozen=True)
class UnitResolver:
    """A resolver of one step."""

    step: Step


@dataclass(frozen=True)
class PipelineResolver:
    """Functions in their order, between the resolver's own two handlers."""

    code: str
    functions: tuple[Step, ...]


Resolver = UnitResolver | PipelineResolver

# (type name, field name)
FieldKey = tuple[str, str]


@dataclass(frozen=True)
class ApiKey:
    """An API key; `expires` in seconds since the epoch."""

    value: str
    expires: int


@dataclass(frozen=True)
class UserPool:
    """A Cognito user pool whose tokens let in. `clients` is a regular expression for their ids."""

    pool_id: str
    region: str
    clients: str | None = None
    default_action: str = "ALLOW"

    mode = AuthMode.AMAZON_COGNITO_USER_POOLS

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool_id}"


@dataclass(frozen=True)
class OpenIdProvider:
    """An OpenID Connect provider whose tokens let in.

    Args:
        clients: a regular expression for the ids of its clients.
        since_sign_in_s: how old a token's `auth_time` may be; 0 does not ask.
        since_issue_s: how old its `iat` may be; 0 does not ask.
    """

    issuer: str
    clients: str | None = None
    since_sign_in_s: float = 0
    since_issue_s: float = 0

    mode = AuthMode.OPENID_CONNECT


TokenIssuer = UserPool | OpenIdProvider


@dataclass(frozen=True)
class Authorizer:
    """A Lambda function that decides who is let in.

    Args:
        ttl_s: how long its answer is kept where it does not say so itself; 0 keeps none.
        expression: what a token must match before the function is asked.
    """

    function: str
    ttl_s: int = 0
    expression: str | None = None


@dataclass(frozen=True)
class Api:
    """A GraphQL API, whole. A limit of 0 is no limit."""

    api_id: str
    region: str
    sdl: str
    resolvers: Mapping[FieldKey, Resolver]
    api_keys: tuple[ApiKey, ...]
    default_mode: AuthMode
    additional_modes: tuple[AuthMode, ...] = ()
    token_issuers: tuple[TokenIssuer, ...] = ()
    authorizer: Authorizer | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    introspection: bool = True
    depth_limit: int = 0
    resolver_limit: int = 0
    host: str = ""
    arn: str = ""

    @property
    def modes(self) -> frozenset[AuthMode]:
        return frozenset({self.default_mode, *self.additional_modes})
