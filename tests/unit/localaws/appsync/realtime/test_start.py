"""The start message: read with its exact bytes, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from localaws.appsync.ports import GraphQLRequest, SignedRequest
from localaws.appsync.realtime.start import Start, read_start

DATA = '{"query":"subscription { onA { id } }" , "variables": {"é": 1},"operationName":"S"}'


def message(**changes: Any) -> dict[str, Any]:
    payload = {"data": DATA, "extensions": {"authorization": {"X-Api-Key": "da2"}}}
    return {"id": "1", "type": "start", "payload": payload, **changes}


def payload(**changes: Any) -> dict[str, Any]:
    return message(payload={**message()["payload"], **changes})


def test_a_start_keeps_the_bytes_that_were_signed() -> None:
    assert read_start(message()) == Start(
        id="1",
        signed=SignedRequest("POST", "/graphql", {"x-api-key": "da2"}, DATA.encode()),
        request=GraphQLRequest("subscription { onA { id } }", {"é": 1}, "S"),
    )


@pytest.mark.parametrize("data", ['{"query":"{a}"}', '{"query":"{a}","variables":null}'])
def test_variables_may_be_missing_or_null(data: str) -> None:
    start = read_start(payload(data=data))
    assert start is not None
    assert start.request == GraphQLRequest("{a}")


def test_unknown_members_are_ignored() -> None:
    data = '{"query":"{a}","extensions":{"clientLibrary":{"name":"x"}}}'
    start = read_start(payload(data=data, more=1) | {"more": 1})
    assert start is not None
    assert start.request == GraphQLRequest("{a}")


def test_half_a_surrogate_pair_in_the_data_breaks_nothing() -> None:
    start = read_start(payload(data='{"query":"\ud800"}'))
    assert start is not None
    assert start.signed.body == b'{"query":"?"}'


@pytest.mark.parametrize(
    "broken",
    [
        message(id=None),
        message(id=""),
        message(id=1),
        message(payload=None),
        message(payload="x"),
        message(payload={"query": "subscription { onA { id } }"}),  # Apollo's own protocol
        payload(data=None),
        payload(data={"query": "{a}"}),
        payload(data="meow"),
        payload(data="[]"),
        payload(data="{}"),
        payload(data='{"query":1}'),
        payload(data='{"query":"{a}","variables":[]}'),
        payload(data='{"query":"{a}","operationName":1}'),
        payload(extensions=None),
        payload(extensions={}),
        payload(extensions={"authorization": "da2"}),
    ],
)
def test_an_unusable_start_is_refused(broken: dict[str, Any]) -> None:
    assert read_start(broken) is None
