"""The endpoint as the sockets and the HTTP side see it."""

import pytest

from localaws.appsync.endpoint import payload_bytes
from localaws.appsync.ports import (
    AuthMode,
    Endpoint,
    GraphQLRequest,
    Identity,
    Json,
    SignedRequest,
    Unauthenticated,
)
from localaws.appsync.schema import SchemaError
from tests.unit.localaws.appsync.fakes import API_KEY, BY_KEY, HOST, World


def test_the_endpoint_is_what_the_sockets_need(world: World) -> None:
    endpoint: Endpoint = world.endpoint()
    assert endpoint.hosts == {HOST, "api.appsync-api.eu-west-1.amazonaws.com"}


async def test_the_plane_authenticates_by_what_is_deployed(world: World) -> None:
    endpoint = world.endpoint()
    headers = {"host": HOST, "x-api-key": API_KEY}
    request = SignedRequest("POST", "/graphql/connect", headers, b"{}")
    assert await endpoint.authenticate(request) == Identity(AuthMode.API_KEY)
    with pytest.raises(Unauthenticated):
        await endpoint.authenticate(SignedRequest("POST", "/graphql/connect", {}, b"{}"))


def test_a_schema_that_appsync_refuses_is_not_served(world: World) -> None:
    world.sdl = "type Nothing { a: Int }"
    with pytest.raises(SchemaError, match="There is no top level schema object defined"):
        world.endpoint()


async def test_announcements_go_out_before_the_answer(world: World) -> None:
    world.value("Mutation", "publish", {"id": "1"})
    endpoint = world.endpoint()
    request = GraphQLRequest('mutation { publish(change: "{}") { id } }')
    await endpoint.execute(BY_KEY, request, {})
    assert [announcement.mutation for announcement in world.announced] == ["publish"]


@pytest.mark.parametrize(
    ("value", "size"),
    [({"a": "é"}, 10), ([], 2), (None, 4), ({"a": [1, 2]}, 11), ({"a": "\ud800"}, 9)],
)
def test_a_payload_is_measured_in_utf8_without_blanks(value: Json, size: int) -> None:
    assert payload_bytes(value) == size
