"""Callers with tokens of the pool, and what they are answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.clients.subscriber import client
from tests.e2e.clients import execute

# What a client is answered.
Json = Any


@dataclass(frozen=True)
class Who:
    """Somebody with a token."""

    name: str
    groups: tuple[str, ...] = ()

    def token(self, region: WorldRegion) -> str:
        assert region.auth.token is not None
        claims: Json = {"sub": self.name, "cognito:groups": list(self.groups) or None}
        return region.auth.token.mint(**claims)

    def auth(self, region: WorldRegion) -> AppSyncJWTAuthentication:
        host = region.graphql_url.split("/")[2]
        return AppSyncJWTAuthentication(host=host, jwt=self.token(region))


@dataclass(frozen=True)
class Answer:
    """What somebody was answered: the data, and of each error its path and its type."""

    data: Json
    errors: tuple[tuple[str, str], ...] = ()


async def told(region: WorldRegion, who: Who, document: str, **variables: Json) -> Answer:
    async with client(region, who.auth(region)) as session:
        try:
            return Answer(await execute(session, document, **variables))
        except TransportQueryError as failed:
            errors = failed.errors or []
            paths = (".".join(map(str, error["path"])) for error in errors)
            types = (error["errorType"] for error in errors)
            return Answer(failed.data, tuple(zip(paths, types, strict=True)))


async def write(region: WorldRegion, who: Who, operation: str, **input: Json) -> Answer:
    """A mutation of one item, of which the key is asked for."""
    key = "channel saidAt station" if operation in ("call", "unsay") else "id"
    type_ = INPUTS.get(operation, f"{operation[0].upper()}{operation[1:]}Input")
    document = f"mutation ($input: {type_}!) {{ {operation}(input: $input) {{ {key} }} }}"
    return await told(region, who, document, input=input)


INPUTS = {"call": "CreateCallInput", "unsay": "DeleteCallInput"}


def denied(field: str) -> Answer:
    """What is answered to whom no rule lets in."""
    return Answer({field: None}, ((field, "Unauthorized"),))
