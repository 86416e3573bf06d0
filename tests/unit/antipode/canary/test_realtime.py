from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from antipode.canary.errors import RealtimeError
from antipode.canary.protocol import Told
from antipode.canary.realtime import connected

from tests.fakes.realtime import accepting, realtime_server

URL = "https://api.example.com/graphql"
DOCUMENT = "subscription { a }"


def sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"host": "api.example.com", "signed": url, "body": body.decode()}


def test_what_is_told_of_a_subscription_comes_in_order() -> None:
    with (
        realtime_server() as server,
        connected(server.url, URL, sign, timeout=5) as realtime,
    ):
        id_ = realtime.subscribe(DOCUMENT, {}, timeout=5)
        server.tell(id_, {"a": 1})
        server.tell(id_, {"a": 2})
        assert [realtime.told(timeout=5), realtime.told(timeout=5)] == [
            Told(id_, {"a": 1}),
            Told(id_, {"a": 2}),
        ]
        assert realtime.told(timeout=0.01) is None


def test_signs_of_life_are_no_announcements() -> None:
    def answer(frame: Any) -> Sequence[object]:
        told = {"type": "data", "id": "1", "payload": {"data": {"a": 1}}}
        return [*accepting(frame), {"type": "ka"}, told] if "id" in frame else accepting(frame)

    with realtime_server(answer) as server, connected(server.url, URL, sign, timeout=5) as realtime:
        realtime.subscribe(DOCUMENT, {}, timeout=5)
        assert realtime.told(timeout=5) == Told("1", {"a": 1})


def test_the_connection_and_each_subscription_are_signed_for_the_graphql_endpoint() -> None:
    with realtime_server() as server, connected(server.url, URL, sign, timeout=5) as realtime:
        realtime.subscribe(DOCUMENT, {"id": "1"}, timeout=5)
        [_, start] = server.frames
    authorization = start["payload"]["extensions"]["authorization"]
    assert (authorization["signed"], authorization["body"]) == (URL, start["payload"]["data"])


def test_what_is_told_before_another_subscription_is_accepted_is_kept() -> None:
    def answer(frame: Any) -> Sequence[object]:
        told = {"type": "data", "id": "1", "payload": {"data": {"a": 1}}}
        return [told, *accepting(frame)] if frame.get("id") == "2" else accepting(frame)

    with realtime_server(answer) as server, connected(server.url, URL, sign, timeout=5) as realtime:
        realtime.subscribe(DOCUMENT, {}, timeout=5)
        realtime.subscribe(DOCUMENT, {}, timeout=5)
        assert realtime.told(timeout=5) == Told("1", {"a": 1})


def refusing(kind: str) -> Any:
    def answer(frame: Any) -> Sequence[object]:
        payload = {"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}
        if frame["type"] == kind:
            return [{"type": "error", "id": frame.get("id"), "payload": payload}]
        return accepting(frame)

    return answer


@pytest.mark.parametrize(
    ("kind", "what"), [("connection_init", "the connection"), ("start", "the subscription")]
)
def test_a_refusal_has_the_services_own_words(kind: str, what: str) -> None:
    with (
        realtime_server(refusing(kind)) as server,
        pytest.raises(RealtimeError) as refused,
        connected(server.url, URL, sign, timeout=5) as realtime,
    ):
        realtime.subscribe(DOCUMENT, {}, timeout=5)
    assert str(refused.value) == f"{what} was refused: UnauthorizedException: no"


def test_a_service_that_does_not_accept_is_not_waited_for_for_ever() -> None:
    def silent(frame: Any) -> Sequence[object]:
        return accepting(frame) if frame["type"] == "connection_init" else []

    with (
        realtime_server(silent) as server,
        connected(server.url, URL, sign, timeout=5) as realtime,
        pytest.raises(RealtimeError, match=r"was not accepted within 0\.01 s"),
    ):
        realtime.subscribe(DOCUMENT, {}, timeout=0.01)


def test_a_subscription_that_fails_later_says_so() -> None:
    def answer(frame: Any) -> Sequence[object]:
        failed = {"type": "error", "id": "1", "payload": {"errors": [{"message": "gone"}]}}
        return [*accepting(frame), failed] if frame["type"] == "start" else accepting(frame)

    with realtime_server(answer) as server, connected(server.url, URL, sign, timeout=5) as realtime:
        realtime.subscribe(DOCUMENT, {}, timeout=5)
        with pytest.raises(RealtimeError, match="the subscription has failed: error: gone"):
            realtime.told(timeout=5)


def test_a_connection_that_ends_is_an_error() -> None:
    with realtime_server() as server, connected(server.url, URL, sign, timeout=5) as realtime:
        realtime.subscribe(DOCUMENT, {}, timeout=5)
        for connection in server.connections:
            connection.close()
        with pytest.raises(RealtimeError, match="the connection has ended"):
            realtime.told(timeout=5)
        with pytest.raises(RealtimeError, match="the connection has ended"):
            realtime.subscribe(DOCUMENT, {}, timeout=5)


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with realtime_server() as server:
        url = server.url
    with (
        pytest.raises(RealtimeError, match="cannot be reached"),
        connected(url, URL, sign, timeout=5),
    ):
        pass
