from __future__ import annotations

import base64
import json

import pytest
from antipode.canary.protocol import (
    Accepted,
    Message,
    Other,
    Refused,
    Told,
    data,
    start,
    subprotocols,
    understood,
)


def test_the_headers_of_a_connection_are_a_subprotocol_without_padding() -> None:
    name, header = subprotocols({"host": "a", "x-api-key": "k"})
    assert name == "graphql-ws"
    assert "=" not in header
    text = base64.urlsafe_b64decode(header.removeprefix("header-") + "==")
    assert json.loads(text) == {"host": "a", "x-api-key": "k"}


def test_a_subscription_starts_with_the_very_text_that_was_signed() -> None:
    operation = data("subscription { a }", {"id": "1"})
    frame = json.loads(start("7", operation, {"host": "a"}))
    assert frame == {
        "id": "7",
        "type": "start",
        "payload": {"data": operation, "extensions": {"authorization": {"host": "a"}}},
    }
    assert json.loads(operation) == {"query": "subscription { a }", "variables": {"id": "1"}}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}, Accepted()),
        ({"type": "start_ack", "id": "1"}, Accepted("1")),
        ({"type": "data", "id": "1", "payload": {"data": {"a": 1}}}, Told("1", {"a": 1})),
        ({"type": "ka"}, Other()),
        ({"type": "complete", "id": "1"}, Other()),
        (
            {
                "type": "error",
                "id": "1",
                "payload": {"errors": [{"errorType": "Unauthorized", "message": "no"}]},
            },
            Refused("1", "Unauthorized: no"),
        ),
        (
            {"type": "connection_error", "payload": {"errors": [{"message": "NoProtocolError"}]}},
            Refused(None, "error: NoProtocolError"),
        ),
        ({"type": "error", "payload": {"errors": []}}, Refused(None, "an error without a word")),
        ({"type": "error", "id": "1", "payload": {"a": 1}}, Refused("1", '{"a": 1}')),
        (
            {"type": "data", "id": "1", "payload": {"errors": [{"errorType": "Lost"}]}},
            Refused("1", "Lost"),
        ),
    ],
)
def test_each_frame_of_the_service_is_understood(frame: object, message: Message) -> None:
    assert understood(json.dumps(frame)) == message


@pytest.mark.parametrize("frame", ["[]", "{}", "x", '{"type": 1}'])
def test_what_is_no_frame_of_the_protocol_is_an_error(frame: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 # json's own, or ours
        understood(frame)
