"""The protocol by message in and message out. Whole frames, whole effects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localaws.appsync.ports import GraphQLError, GraphQLRequest, SignedRequest, Unauthenticated
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.protocol import (
    Close,
    Effect,
    Protocol,
    Register,
    Send,
    Subscribe,
    Unsubscribe,
)
from localaws.appsync.realtime.start import Start
from tests.unit.localaws.appsync.realtime.fakes import FakeSubscription

DATA = '{"query":"subscription { onCreate { id } }"}'
SUBSCRIPTION = FakeSubscription("onCreate")

ACK = {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}
KA = {"type": "ka"}
UNSUPPORTED = {
    "type": "error",
    "payload": {
        "errors": [
            {
                "errorType": "UnsupportedOperation",
                "message": "unknown not supported through the realtime channel",
            }
        ]
    },
}


def start(id: str = "1", **payload: Any) -> str:
    authorization = {"host": "localhost", "x-api-key": "da2"}
    fields = {"data": DATA, "extensions": {"authorization": authorization}, **payload}
    return json.dumps({"id": id, "type": "start", "payload": fields})


def stop(id: str = "1") -> str:
    return json.dumps({"id": id, "type": "stop"})


def start_ack(id: str = "1") -> dict[str, Any]:
    return {"type": "start_ack", "id": id}


def complete(id: str = "1") -> dict[str, Any]:
    return {"type": "complete", "id": id}


def error(*errors: dict[str, Any], id: str = "1") -> dict[str, Any]:
    return {"type": "error", "id": id, "payload": {"errors": list(errors)}}


def duplicated(id: str = "1") -> dict[str, Any]:
    message = f"Duplicated operation with id {id}"
    return error({"errorType": "DuplicatedOperationError", "message": message}, id=id)


def said(effects: list[Effect]) -> list[Any]:
    """The frames, read as clients read them; every effect must be one."""
    assert all(isinstance(effect, Send) for effect in effects), effects
    return [json.loads(effect.frame) for effect in effects if isinstance(effect, Send)]


def receive(protocol: Protocol, *messages: str | bytes, at: float = 0.0) -> list[Effect]:
    return [effect for message in messages for effect in protocol.receive(message, at=at)]


def started(protocol: Protocol, id: str = "1") -> int:
    """Start, accept, and return the ticket."""
    (work,) = receive(protocol, start(id))
    assert isinstance(work, Subscribe)
    registered, acked = protocol.subscribed(work.ticket, SUBSCRIPTION)
    assert registered == Register(work.ticket, SUBSCRIPTION)
    assert said([acked]) == [start_ack(id)]
    return work.ticket


@pytest.fixture
def protocol() -> Protocol:
    return Protocol(Limits())


# -- Opening --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message", ['{"type":"connection_init"}', '{"type": "connection_init", "payload": {}}']
)
def test_init_is_acked_with_the_timeout_and_a_ka(protocol: Protocol, message: str) -> None:
    assert said(receive(protocol, message)) == [ACK, KA]


def test_a_second_init_is_acked_again(protocol: Protocol) -> None:
    init = '{"type":"connection_init"}'
    assert said(receive(protocol, init, init)) == [ACK, KA, ACK, KA]


@pytest.mark.parametrize("type", ["ping", "pong", "connection_terminate"])
def test_messages_of_other_protocols_are_ignored(protocol: Protocol, type: str) -> None:
    assert receive(protocol, json.dumps({"type": type})) == []


# -- Start ----------------------------------------------------------------------------------


def test_a_start_without_init_asks_for_a_subscription(protocol: Protocol) -> None:
    headers = {"host": "localhost", "x-api-key": "da2"}
    signed = SignedRequest("POST", "/graphql", headers, DATA.encode())
    request = GraphQLRequest("subscription { onCreate { id } }")
    assert receive(protocol, start()) == [Subscribe(1, Start("1", signed, request))]


def test_a_start_is_registered_before_it_is_acked(protocol: Protocol) -> None:
    receive(protocol, start())
    registered, acked = protocol.subscribed(1, SUBSCRIPTION)
    assert registered == Register(1, SUBSCRIPTION)
    assert said([acked]) == [start_ack()]


def test_an_outcome_that_comes_twice_is_acked_once(protocol: Protocol) -> None:
    ticket = started(protocol)
    assert protocol.subscribed(ticket, SUBSCRIPTION) == []
    assert protocol.refused(ticket, [GraphQLError("late")]) == []


def test_a_duplicate_id_is_refused_and_the_first_stays(protocol: Protocol) -> None:
    ticket = started(protocol)
    assert said(receive(protocol, start())) == [duplicated()]
    assert said(protocol.announced(ticket, "{}")) == [{"type": "data", "id": "1", "payload": {}}]


def test_a_duplicate_of_a_start_in_progress_is_refused_and_the_first_goes_on(
    protocol: Protocol,
) -> None:
    receive(protocol, start())
    assert said(receive(protocol, start())) == [duplicated()]
    assert protocol.subscribed(1, SUBSCRIPTION)[0] == Register(1, SUBSCRIPTION)


def test_an_id_may_be_used_again_after_stop(protocol: Protocol) -> None:
    first = started(protocol)
    receive(protocol, stop())
    second = started(protocol)
    assert protocol.announced(first, "{}") == []
    assert said(protocol.announced(second, "{}")) == [{"type": "data", "id": "1", "payload": {}}]


@pytest.mark.parametrize("id", ["x" * 100_000, "é\U0001f600", '"\\\n', "\ud800", " "])
def test_any_string_but_the_empty_one_is_an_id(protocol: Protocol, id: str) -> None:
    ticket = started(protocol, id)
    (data,) = said(protocol.announced(ticket, '{"data":{"a":"é"}}'))
    assert data == {"type": "data", "id": id, "payload": {"data": {"a": "é"}}}


# -- Refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        "",
        "meow",
        "[]",
        "{}",
        "null",
        "[" * 50_000,
        b"",
        b'{"type":"connection_init"}',
        '{"type":null}',
        '{"type":""}',
        '{"type":["start"]}',
        '{"type":"subscribe","id":"1"}',
        '{"type":"start","id":"1"}',
        '{"type":"start","id":"1","payload":{"query":"subscription { onCreate { id } }"}}',
        start(data=None),
        start(data="meow"),
        start(extensions=None),
        start(extensions={}),
        start(""),
        '{"type":"stop"}',
        '{"type":"stop","id":1}',
    ],
)
def test_an_unusable_message_is_an_unsupported_operation_without_id(
    protocol: Protocol, message: str | bytes
) -> None:
    assert said(receive(protocol, message)) == [UNSUPPORTED]
    started(protocol)


def test_refused_credentials_are_an_error_of_that_start_alone(protocol: Protocol) -> None:
    other = started(protocol, "other")
    receive(protocol, start())
    effects = protocol.unauthenticated(2, Unauthenticated("You are not authorized"))
    message = "Valid authorization header not provided."
    assert said(effects) == [error({"errorType": "UnauthorizedException", "message": message})]
    assert protocol.announced(other, "{}") != []


def test_a_denied_iam_caller_is_told_permission_denied(protocol: Protocol) -> None:
    receive(protocol, start())
    effects = protocol.unauthenticated(1, Unauthenticated("Permission denied"))
    assert said(effects) == [
        error({"errorType": "UnauthorizedException", "message": "Permission denied"})
    ]


@pytest.mark.parametrize(
    ("raised", "sent"),
    [
        (
            GraphQLError("Not Authorized to access onA on type Subscription", "Unauthorized"),
            {
                "errorType": "Unauthorized",
                "message": "Not Authorized to access onA on type Subscription",
            },
        ),
        (
            GraphQLError(
                "Validation error of type FieldUndefined: Field 'onB' is undefined",
                path=["onB"],
                locations=[{"line": 1, "column": 2}],
            ),
            {"message": "Validation error of type FieldUndefined: Field 'onB' is undefined"},
        ),
        (
            GraphQLError("Variable 'a' has coerced Null value for NonNull type 'Boolean!'"),
            {"message": "Variable 'a' has coerced Null value for NonNull type 'Boolean!'"},
        ),
        (
            GraphQLError(" not supported through the realtime channel", "UnsupportedOperation"),
            {
                "errorType": "UnsupportedOperation",
                "message": " not supported through the realtime channel",
            },
        ),
        (
            GraphQLError("closed", "Closed", error_info={"until": 5}, data=[1]),
            {"errorType": "Closed", "message": "closed", "errorInfo": {"until": 5}, "data": [1]},
        ),
        (
            GraphQLError("several root fields", "DuplicatedOperationError"),
            {
                "errorType": "DuplicatedOperationError",
                "message": "Duplicated operation with id 1",
            },
        ),
    ],
)
def test_a_refusal_is_an_error_with_the_id_of_its_start(
    protocol: Protocol, raised: GraphQLError, sent: dict[str, Any]
) -> None:
    receive(protocol, start())
    assert said(protocol.refused(1, [raised])) == [error(sent)]


def test_a_refusal_carries_every_error(protocol: Protocol) -> None:
    receive(protocol, start())
    effects = protocol.refused(1, [GraphQLError("one"), GraphQLError("two")])
    assert said(effects) == [error({"message": "one"}, {"message": "two"})]


def test_a_refused_start_leaves_nothing_and_frees_its_id(protocol: Protocol) -> None:
    receive(protocol, start())
    protocol.refused(1, [GraphQLError("no")])
    assert protocol.announced(1, "{}") == []
    started(protocol)


def test_more_subscriptions_than_allowed_are_refused_with_the_number() -> None:
    protocol = Protocol(Limits(subscriptions=2))
    first = started(protocol, "a")
    receive(protocol, start("b"))  # one in progress counts
    # The service sends an object here where all others have a list.
    assert said(receive(protocol, start("c"))) == [
        {
            "type": "error",
            "id": "c",
            "payload": {
                "errors": {
                    "errorType": "MaxSubscriptionsReachedError",
                    "message": "Max number of 2 subscriptions reached",
                }
            },
        }
    ]
    assert receive(protocol, stop("a"))[0] == Unsubscribe(first)
    started(protocol, "c")


def test_too_many_starts_a_second_exceed_the_limit() -> None:
    protocol = Protocol(Limits(starts_per_second=1))
    receive(protocol, start("a"))
    assert said(receive(protocol, start("b"), at=0.5)) == [
        {
            "type": "error",
            "payload": {
                "errors": {"errorType": "LimitExceededError", "message": "Rate limit exceeded"}
            },
        }
    ]
    assert receive(protocol, start("b"), at=1.5) != []
    assert said(receive(protocol, stop("a"), at=1.5)[1:]) == [complete("a")]


@pytest.mark.parametrize("message", ["x" * 101, b"x" * 101, "é" * 51])
def test_a_message_over_the_size_limit_closes_the_socket(message: str | bytes) -> None:
    protocol = Protocol(Limits(message_bytes=100))
    size = len(message if isinstance(message, bytes) else message.encode())
    reason = f"message is {size} bytes, limit is 100"
    assert receive(protocol, message) == [Close(1009, reason)]


# -- Data, stop, complete -------------------------------------------------------------------


def test_stop_ends_the_subscription_and_is_completed(protocol: Protocol) -> None:
    ticket = started(protocol)
    ended, completed = receive(protocol, stop())
    assert ended == Unsubscribe(ticket)
    assert said([completed]) == [complete()]
    assert protocol.announced(ticket, "{}") == []


def test_stop_of_an_unknown_id_is_completed_too(protocol: Protocol) -> None:
    assert said(receive(protocol, stop("never"), stop("never"))) == [
        complete("never"),
        complete("never"),
    ]


def test_stop_of_a_start_in_progress_ends_it_without_an_ack(protocol: Protocol) -> None:
    receive(protocol, start())
    ended, completed = receive(protocol, stop())
    assert ended == Unsubscribe(1)
    assert said([completed]) == [complete()]
    assert protocol.subscribed(1, SUBSCRIPTION) == []
    assert protocol.refused(1, [GraphQLError("late")]) == []
    assert protocol.unauthenticated(1, Unauthenticated("late")) == []


def test_nothing_is_sent_for_a_subscription_that_is_not_acked_yet(protocol: Protocol) -> None:
    receive(protocol, start())
    assert protocol.announced(1, "{}") == []


def test_a_payload_is_passed_on_as_it_is(protocol: Protocol) -> None:
    ticket = started(protocol)
    payload = '{"data":{"onCreate":null},"errors":[{"message":"Cannot return null"}]}'
    assert protocol.announced(ticket, payload) == [
        Send(f'{{"id":"1","type":"data","payload":{payload}}}')
    ]


# -- Invalidation ---------------------------------------------------------------------------


def test_an_invalidated_subscription_is_completed_and_takes_its_connection_along(
    protocol: Protocol,
) -> None:
    ticket = started(protocol)
    unsubscribed, completed, closed = protocol.invalidated(ticket)
    assert unsubscribed == Unsubscribe(ticket)
    assert said([completed]) == [{"type": "complete", "id": "1"}]
    assert closed == Close(1000, "Subscription complete.")


def test_what_was_stopped_is_not_invalidated(protocol: Protocol) -> None:
    ticket = started(protocol)
    receive(protocol, '{"type": "stop", "id": "1"}')
    assert protocol.invalidated(ticket) == []
