"""Regions that answer badly, or not at all."""

from __future__ import annotations

import pytest

from antipode_tools.console.asking import ask
from antipode_tools.operate.probe.endpoint import Endpoint
from tests.fakes.appsync import http, stand_in


def endpoint(port: int) -> Endpoint:
    return Endpoint(
        name="ireland",
        code="eu-west-1",
        graphql_url=f"http://127.0.0.1:{port}/graphql",
        realtime_url="",
        sign=lambda url, body, headers: {},
        schema="",
        models=frozenset(),
    )


async def test_a_region_that_never_answers_is_given_up() -> None:
    with stand_in(lambda _: http(200, b"{}"), seconds=3600) as server:
        answer = await ask(endpoint(server.port), "{ a }", within_s=0.05)
    assert (answer.body, answer.problem) == (None, "no answer within 0.05 s")


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (http(502, b"<html>Bad Gateway</html>"), "status 502, b'<html>Bad Gateway</html>'"),
        (None, "not reached: "),
    ],
)
async def test_what_is_no_answer_of_an_api_is_said(sent: bytes | None, problem: str) -> None:
    with stand_in(lambda _: sent) as server:
        answer = await ask(endpoint(server.port), "{ a }")
    assert answer.body is None
    assert answer.problem.startswith(problem)
