"""The upgrade: three ways to bring credentials, and each way to get it wrong."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.ports import SignedRequest
from localaws.appsync.realtime.handshake import Opening, Refusal, Way, read_upgrade

HOSTS = frozenset({"127.0.0.1:4001", "localhost:4001"})
FIELDS = {"host": "127.0.0.1:4001", "x-api-key": "da2-~~~key"}


def encoded(fields: Any) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


def offered(fields: Any) -> str:
    """As amplify-js writes it: URL-safe, without padding."""
    return "header-" + encoded(fields).translate(str.maketrans("+/", "-_")).rstrip("=")


def upgrade(
    *,
    query: str = "",
    subprotocols: tuple[str, ...] = ("graphql-ws",),
    headers: tuple[tuple[str, str], ...] = (),
) -> Opening | Refusal:
    return read_upgrade(query=query, subprotocols=subprotocols, headers=headers, hosts=HOSTS)


def opened(way: Way, fields: dict[str, str]) -> Opening:
    return Opening(way, SignedRequest("POST", "/graphql/connect", fields, b"{}"), fields)


def refused(result: Opening | Refusal) -> Any:
    assert isinstance(result, Refusal)
    assert result.subprotocol == "graphql-ws"
    return json.loads(result.frame)


def error(**fields: Any) -> Any:
    return {"type": "connection_error", "payload": {"errors": [fields]}}


BAD_REQUEST = error(errorType="BadRequest", errorCode=400)
MISSING = error(message="Required headers are missing.", errorCode=400)


def test_credentials_come_in_the_query_string() -> None:
    result = upgrade(query=f"header={encoded(FIELDS)}&payload=e30=")
    assert result == opened(Way.QUERY, FIELDS)


def test_credentials_come_as_a_subprotocol() -> None:
    result = upgrade(subprotocols=("graphql-ws", offered(FIELDS)))
    assert result == opened(Way.SUBPROTOCOL, FIELDS)


def test_credentials_come_as_http_headers_in_any_case() -> None:
    headers = (("Host", "localhost:4001"), ("X-Api-Key", "da2-1"), ("x-api-key", "da2-2"))
    result = upgrade(headers=headers)
    assert result == opened(Way.HEADERS, {"host": "localhost:4001", "x-api-key": "da2-1"})


def test_resolvers_see_the_upgrades_headers_and_amplifys_custom_ones() -> None:
    result = upgrade(
        query=f"header={encoded(FIELDS)}&payload=e30=&X-Tenant=north%20sea&user-agent=mine",
        headers=(
            ("User-Agent", "browser"),
            ("Origin", "https://app.example"),
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Protocol", "graphql-ws"),
        ),
    )
    seen = {"user-agent": "mine", "origin": "https://app.example", "x-tenant": "north sea"}
    assert isinstance(result, Opening)
    assert result.headers == {**seen, **FIELDS}


def test_a_custom_header_replaces_no_credential() -> None:
    result = upgrade(query=f"header={encoded(FIELDS)}&payload=e30=&x-api-key=other")
    assert result == opened(Way.QUERY, FIELDS)


def test_a_subprotocol_wins_over_the_query_and_the_query_over_http_headers() -> None:
    first, second = {**FIELDS, "x-api-key": "1"}, {**FIELDS, "x-api-key": "2"}
    query = f"header={encoded(second)}&payload=e30="
    headers = (("host", "localhost:4001"), ("x-api-key", "3"))
    both = upgrade(query=query, subprotocols=("graphql-ws", offered(first)), headers=headers)
    assert both == opened(Way.SUBPROTOCOL, first)
    assert upgrade(query=query, headers=headers) == opened(Way.QUERY, second)


def test_a_percent_encoded_header_is_decoded() -> None:
    header = encoded(FIELDS).replace("+", "%2B").replace("=", "%3D")
    assert upgrade(query=f"header={header}&payload=e30%3D") == opened(Way.QUERY, FIELDS)


def test_a_plus_in_the_query_is_a_base64_digit() -> None:
    header = encoded(FIELDS)
    assert "+" in header
    assert upgrade(query=f"header={header}&payload=e30=") == opened(Way.QUERY, FIELDS)
    spaced = header.replace("+", "%20")
    assert upgrade(query=f"header={spaced}&payload=e30=") == opened(Way.QUERY, FIELDS)


def test_further_parameters_and_a_second_header_are_no_credentials() -> None:
    query = f"x=1&header={encoded(FIELDS)}&payload=e30=&header=broken&flag"
    result = upgrade(query=query)
    assert isinstance(result, Opening)
    assert result.request == opened(Way.QUERY, FIELDS).request


def test_a_subprotocol_needs_no_payload() -> None:
    result = upgrade(query="payload=broken", subprotocols=(offered(FIELDS), "graphql-ws"))
    assert result == opened(Way.SUBPROTOCOL, FIELDS)


def test_the_host_is_compared_without_regard_to_case() -> None:
    fields = {**FIELDS, "host": "LocalHost:4001"}
    result = upgrade(subprotocols=("graphql-ws", offered(fields)))
    assert result == opened(Way.SUBPROTOCOL, fields)


def test_duplicate_spellings_of_a_field_are_tolerated() -> None:
    fields = {"Host": "localhost:4001", "x-api-key": "da2-1", "X-Api-Key": "da2-1"}
    result = upgrade(subprotocols=("graphql-ws", offered(fields)))
    assert result == opened(Way.SUBPROTOCOL, {"host": "localhost:4001", "x-api-key": "da2-1"})


@pytest.mark.parametrize(
    ("subprotocols", "message"),
    [
        ((), "NoProtocolError"),
        (("graphql-transport-ws",), "SubProtocolNotSupportedError"),
        ((offered(FIELDS),), "SubProtocolNotSupportedError"),
    ],
)
def test_an_upgrade_without_graphql_ws_is_reported_as_such(
    subprotocols: tuple[str, ...], message: str
) -> None:
    result = upgrade(query=f"header={encoded(FIELDS)}&payload=e30=", subprotocols=subprotocols)
    assert isinstance(result, Refusal)
    assert result.subprotocol is None
    assert json.loads(result.frame) == error(message=message, errorCode=400)


@pytest.mark.parametrize(
    "query",
    [
        "header=&payload=e30=",
        "header=meow&payload=e30=",
        "header=%ff&payload=e30=",
        f"header={encoded([1])}&payload=e30=",
        f"header={encoded(FIELDS)}",
        f"header={encoded(FIELDS)}&payload=",
        f"header={encoded(FIELDS)}&payload={encoded({'a': 1})}",
    ],
)
def test_an_undecodable_query_is_a_bad_request(query: str) -> None:
    assert refused(upgrade(query=query)) == BAD_REQUEST


def test_an_undecodable_subprotocol_is_a_bad_request() -> None:
    assert refused(upgrade(subprotocols=("graphql-ws", "header-meow"))) == BAD_REQUEST


@pytest.mark.parametrize(
    "fields", [{}, {"host": "localhost:4001"}, {"x-api-key": "da2"}, {"host": 1, "x-api-key": "k"}]
)
def test_a_header_without_host_or_credential_lacks_headers(fields: dict[str, Any]) -> None:
    assert refused(upgrade(subprotocols=("graphql-ws", offered(fields)))) == MISSING


def test_an_upgrade_without_any_credentials_lacks_headers() -> None:
    assert refused(upgrade(headers=(("host", "localhost:4001"),))) == MISSING


def test_a_host_of_another_api_is_refused_with_those_that_would_do() -> None:
    fields = {**FIELDS, "host": "elsewhere:4001"}
    assert refused(upgrade(subprotocols=("graphql-ws", offered(fields)))) == error(
        errorType="com.amazon.coral.service.http#HttpNotFoundException",
        message="no API here has the header's host: use 127.0.0.1:4001 or localhost:4001",
        errorCode=400,
    )


@given(
    query=st.text(),
    subprotocols=st.lists(st.one_of(st.just("graphql-ws"), st.text().map("header-".__add__))),
    headers=st.lists(st.tuples(st.text(), st.text())),
)
def test_whatever_comes_gets_an_opening_or_a_connection_error(
    query: str, subprotocols: list[str], headers: list[tuple[str, str]]
) -> None:
    result = read_upgrade(query=query, subprotocols=subprotocols, headers=headers, hosts=HOSTS)
    if isinstance(result, Refusal):
        assert json.loads(result.frame)["type"] == "connection_error"
