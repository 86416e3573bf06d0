"""Unmodified AppSync clients against the real-time endpoint, with an API in memory behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportQueryError,
    TransportServerError,
)

from localaws.appsync.ports import AuthMode, Identity, SignedRequest, Unauthenticated
from tests.unit.localaws.appsync.realtime.fakes import API_KEY, FakeEndpoint, published
from tests.unit.localaws.appsync.realtime.serving import Served, serving, until

REGION = "eu-west-1"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token")
ON_CREATE = gql("subscription ($id: ID) { onCreate(id: $id) { id item } }")


@dataclass
class IamEndpoint(FakeEndpoint):
    """Verifies signatures with botocore, and nothing else."""

    async def authenticate(self, request: SignedRequest) -> Identity:
        self.authenticated.append(request)
        if signature_of(request) not in request.headers["authorization"]:
            raise Unauthenticated("You are not authorized to make this call.")
        return Identity(AuthMode.AWS_IAM)


def signature_of(request: SignedRequest) -> str:
    """What the client must have written for this request, computed anew."""
    _, _, listed = request.headers["authorization"].partition("SignedHeaders=")
    names = listed.partition(",")[0].split(";")
    again = AWSRequest(
        method=request.method,
        url=f"https://{request.headers['host']}{request.path}",
        headers={name: request.headers[name] for name in names},
        data=request.body,
    )
    again.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(CREDENTIALS, "appsync", REGION)
    return str(
        signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    )


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


def with_key(served: Served, key: str = API_KEY) -> Client:
    return client(served, AppSyncApiKeyAuthentication(host=served.host, api_key=key))


def with_iam(served: Served, credentials: Credentials = CREDENTIALS) -> Client:
    served.endpoint = served.api = IamEndpoint(served.endpoint.hosts)
    auth = AppSyncIAMAuthentication(host=served.host, region_name=REGION, credentials=credentials)
    return client(served, auth)


def client(served: Served, auth: AppSyncAuthentication) -> Client:
    return Client(transport=AppSyncWebsocketsTransport(url=served.url, auth=auth))


class Heard:
    """A gql subscription that is live on the server."""

    def __init__(self, served: Served, session: AsyncClientSession, **variables: Any) -> None:
        self.served = served
        request = GraphQLRequest(ON_CREATE, variable_values=variables)
        self.results = session.subscribe(request)

    async def first(self, *announced: Any) -> Any:
        """Start, announce as soon as the server has registered it, and wait for a result."""
        live = self.served.sockets.subscriptions
        receiving = asyncio.ensure_future(anext(self.results))
        await until(lambda: receiving.done() or self.served.sockets.subscriptions > live)
        for value in announced:
            self.served.sockets.announce(published(value))
        return await receiving


@pytest.mark.parametrize("connect", [with_key, with_iam])
async def test_gql_subscribes_hears_in_order_and_stops(served: Served, connect: Any) -> None:
    async with connect(served) as session:
        heard = Heard(served, session)
        announced = [{"id": str(n), "item": "é"} for n in range(3)]
        results = [await heard.first(*announced), await anext(heard.results)]
        results.append(await anext(heard.results))
        assert results == [{"onCreate": value} for value in announced]
        await heard.results.aclose()
        await until(lambda: served.sockets.subscriptions == 0)
    await until(lambda: served.sockets.connections == 0)


async def test_gql_shares_a_socket_between_subscriptions(served: Served) -> None:
    async with with_key(served) as session:
        one, two = Heard(served, session, id="1"), Heard(served, session, id="2")
        assert await one.first({"id": "2"}, {"id": "1"}) == {"onCreate": {"id": "1"}}
        assert await two.first({"id": "1"}, {"id": "2"}) == {"onCreate": {"id": "2"}}
        assert (served.sockets.connections, served.sockets.subscriptions) == (1, 2)
        assert await anext(one.results) == {"onCreate": {"id": "1"}}
        for heard in (one, two):
            await heard.results.aclose()


async def test_gql_with_a_wrong_key_is_refused_at_connection(served: Served) -> None:
    with pytest.raises(TransportServerError, match="UnauthorizedException"):
        async with with_key(served, "da2-wrong"):
            pass


async def test_gql_with_a_wrong_secret_is_refused_at_connection(served: Served) -> None:
    forged = Credentials(CREDENTIALS.access_key, "another-secret", CREDENTIALS.token)
    with pytest.raises(TransportServerError, match="UnauthorizedException"):
        async with with_iam(served, forged):
            pass


async def test_gql_hears_of_a_refused_start_and_goes_on(served: Served) -> None:
    async with with_key(served) as session:
        denied = session.subscribe(gql("subscription { onDenied { id } }"))
        with pytest.raises(TransportQueryError, match="Not Authorized to access onDenied"):
            await anext(denied)
        assert await Heard(served, session).first({"id": "1"}) == {"onCreate": {"id": "1"}}


async def test_gql_hears_of_a_server_that_goes_away(served: Served) -> None:
    async with with_key(served) as session:
        heard = Heard(served, session)
        await heard.first({"id": "1"})
        await served.sockets.close()
        with pytest.raises(TransportConnectionFailed):
            await anext(heard.results)
