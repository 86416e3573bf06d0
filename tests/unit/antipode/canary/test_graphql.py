from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing

import pytest
from antipode.canary.errors import GraphqlError
from antipode.canary.graphql import Graphql

from tests.fakes.appsync import Request, http, stand_in


def sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"host": "127.0.0.1", "x-api-key": "key"}


def test_a_request_is_signed_and_its_data_comes_back() -> None:
    with (
        stand_in(lambda request: http(200, b'{"data": {"a": 1}}')) as server,
        closing(Graphql(f"http://127.0.0.1:{server.port}/graphql", sign, timeout=5)) as graphql,
    ):
        assert graphql.execute("{ a }", {"id": "1"}) == {"a": 1}
        assert graphql.execute("{ a }") == {"a": 1}
        first, second = server.requests
    assert json.loads(first.body) == {"query": "{ a }", "variables": {"id": "1"}}
    assert (first.headers["x-api-key"], first.connection) == ("key", second.connection)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b'{"data": null, "errors": [{"errorType": "A", "message": "b"}]}', "A: b"),
        (401, b'{"errors": [{"errorType": "U", "message": "no"}]}', "U: no"),
        (503, b"<html>", "status 503, b'<html>'"),
        (500, b'{"data": {}}', "status 500 without data"),
        (200, b'{"data": null}', "status 200 without data"),
    ],
)
def test_whatever_is_no_answer_is_an_error_in_its_words(
    status: int, body: bytes, words: str
) -> None:
    def answer(request: Request) -> bytes:
        return http(status, body)

    with (
        stand_in(answer) as server,
        closing(Graphql(f"http://127.0.0.1:{server.port}/graphql", sign, timeout=5)) as graphql,
        pytest.raises(GraphqlError) as refused,
    ):
        graphql.execute("{ a }")
    assert str(refused.value) == words


def test_an_api_that_hangs_up_does_not_answer() -> None:
    with (
        stand_in(lambda request: None) as server,
        closing(Graphql(f"http://127.0.0.1:{server.port}/graphql", sign, timeout=5)) as graphql,
        pytest.raises(GraphqlError, match="no answer"),
    ):
        graphql.execute("{ a }")


def test_an_api_behind_tls_is_spoken_to_over_tls() -> None:
    with (
        stand_in() as server,
        closing(Graphql(f"https://127.0.0.1:{server.port}/graphql", sign, timeout=0.2)) as graphql,
        pytest.raises(GraphqlError, match=r"no answer: .*(SSL|timed out|Timeout)"),
    ):
        graphql.execute("{ a }")
