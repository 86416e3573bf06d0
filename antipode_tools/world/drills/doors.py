"""Where a drill's client sends its requests: a Region's own API, or the name of all Regions."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache

import httpx
from gql import Client
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import authentication
from antipode_tools.world.errors import WorldError
from localaws.route53.shared_name import NEAREST_HEADER


@cache  # to read the certificates takes longer than to ask
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True)
class Door:
    """One address.

    Args:
        region: whose it is; of the shared name, the one that the client is nearest to.
        headers: tell the shared name where the client is, since all are on this machine.
    """

    region: WorldRegion
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[AsyncClientSession]:
        """For queries and mutations."""
        auth = authentication(self.region)
        transport = AIOHTTPTransport(url=self.url, auth=auth, headers=dict(self.headers))
        async with Client(transport=transport) as session:
            yield session

    async def leads_to(self) -> str | None:
        """The code of the Region that answers, as its /health has it; None while none does."""
        url = self.url.removesuffix("/graphql") + "/health"
        async with httpx.AsyncClient(trust_env=False, verify=_trusted()) as client:
            try:
                answer = await client.get(url, headers=dict(self.headers))
            except httpx.HTTPError:
                return None
        return str(answer.json()["region"]) if answer.is_success else None


def doors(world: WorldFile, home: WorldRegion, *, by_name: bool) -> Sequence[Door]:
    """What a client tries, one after the other: the one name, or its own Region and the others.

    Raises:
        WorldError: there is no name, or one that no client's credential fits.
    """
    if not by_name:
        others = [region for region in world.regions.values() if region is not home]
        return [Door(region, region.graphql_url) for region in (home, *others)]
    if world.shared_name is None:
        raise WorldError(
            "the drill cannot run",
            "this world's Regions have no shared name",
            "put DomainName and HostedZoneId into samconfig.toml, as docs/routing.md has it,"
            " and start a new world",
        )
    if home.auth.mode is AuthMode.API_KEY:
        raise WorldError(
            "the drill cannot run",
            "an API key is one Region's alone, and clients of the shared name move",
            "run antipode schema --auth AWS_LAMBDA, and antipode up",
        )
    return [Door(home, f"{world.shared_name.url}/graphql", {NEAREST_HEADER: home.code})]
