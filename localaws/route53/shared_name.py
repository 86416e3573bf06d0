"""The shared name on one machine: one address for the Region that DNS would choose.

A client that resolves a name keeps the answer for a minute; here every request chooses anew.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from localaws.apigateway.gateway import Gateway, Request, Response, said, serve
from localaws.asgi import Message, Receive, Send
from localaws.route53.checks import Checked, Checks
from localaws.route53.name_server import Client, NoRecord, choose
from localaws.route53.records import HealthCheck, Record, Routing

# Route 53's checkers make a request every ten seconds; nobody wants to wait for that here.
INTERVAL_S = 0.25

# A client may say where it is, since all are on this machine.
COUNTRY_HEADER = "x-localaws-country"
CONTINENT_HEADER = "x-localaws-continent"
NEAREST_HEADER = "x-localaws-nearest"
CHECKS_PATH = "/checks"


@dataclass(frozen=True)
class SharedName:
    """An ASGI application.

    Args:
        regions: from the nearest to the farthest, for a client that does not say where it is.
    """

    domain: str
    records: Sequence[Record]
    gateways: Mapping[str, Gateway]
    checks: Checks
    check: HealthCheck
    regions: Sequence[str]

    @classmethod
    def of(cls, routing: Mapping[str, Routing], gateways: Mapping[str, Gateway]) -> SharedName:
        """The name that these Regions share."""
        first = next(iter(routing.values()))
        opinions = {code: Checked(each.check.threshold) for code, each in routing.items()}
        return cls(
            domain=first.domain,
            records=[record for each in routing.values() for record in each.records],
            gateways=gateways,
            checks=Checks(opinions),
            check=first.check,
            regions=[*routing],
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await serve(self._answer, scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The response of the Region that the client is sent to."""
        client = client_of(dict(request.headers), self.regions)
        try:
            record = choose(self.records, self.domain, client, self.checks.healthy)
        except NoRecord as error:
            return said(502, f"{self.domain} does not resolve: {error}")
        return await self.gateways[record.region].answer(replace(request, host=self.domain))

    async def _answer(self, request: Request) -> Response:
        return self._told() if request.path == CHECKS_PATH else await self.answer(request)

    async def watch(self) -> None:
        """Check the health of every Region, as Route 53's checkers do, until cancelled."""
        while True:
            await asyncio.gather(*(self._ask(region) for region in self.gateways))
            await asyncio.sleep(INTERVAL_S)

    async def _ask(self, region: str) -> None:
        asked = Request("GET", self.check.path, self.domain)
        response = await self.gateways[region].answer(asked)
        self.checks.by_region[region].hear(200 <= response.status < 400)

    def _told(self) -> Response:
        healthy = {region: region in self.checks.healthy for region in self.gateways}
        body = json.dumps(healthy).encode()
        return Response(200, body, (("content-type", "application/json"),))


def client_of(headers: Mapping[str, str], regions: Sequence[str]) -> Client:
    """The client, as far as its headers describe it."""
    nearest = headers.get(NEAREST_HEADER)
    near = sorted(regions, key=lambda region: region != nearest)
    return Client(
        near=near,
        continent=headers.get(CONTINENT_HEADER, "").upper(),
        country=headers.get(COUNTRY_HEADER, "").upper(),
        draw=random.random(),
    )
