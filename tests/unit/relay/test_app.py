"""The handler, as Lambda calls it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.appsync import Request, http, stand_in
from tests.fakes.relay import event

SRC = Path(__file__).parents[3] / "src"

Handler = Callable[[Any, "Context"], Any]  # JSON in, JSON out


class Context:
    """Lambda's context object, in as far as the relay and Powertools read it."""

    function_name = "relay"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:relay"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def __init__(self, seconds: float = 60) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1000)


def environ(port: int) -> dict[str, str]:
    return {
        "GRAPHQL_URL": f"http://127.0.0.1:{port}/graphql",
        "TABLE_PREFIX": "antipode-",
        "UNDELIVERED_QUEUE_URL": "http://127.0.0.1:1/queue",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "POWERTOOLS_SERVICE_NAME": "relay",
        "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
        "STACK_NAME": "shop",
    }


@contextmanager
def cold_start(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    """The handler of a new process, as far as that goes in this one."""
    for name, value in environ(port).items():
        monkeypatch.setenv(name, value)
    sys.modules.pop("relay.app", None)
    app = importlib.import_module("relay.app")
    try:
        yield app.handler
    finally:
        with app.runner as runner:
            runner.run(app.relay.publisher.aclose())
        del sys.modules["relay.app"]


def test_a_batch_is_announced_signed_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in() as server, cold_start(server.port, monkeypatch) as handler:
        assert handler(event("batch"), Context()) == {"batchItemFailures": []}
        assert handler(event("batch"), Context()) == {"batchItemFailures": []}
        announced = sorted(
            (each["id"], each["_change"]["kind"], each["_change"]["region"])
            for each in (request.change for request in server.requests)
        )
        scope = "/eu-west-1/appsync/aws4_request"
        assert all(scope in request.headers["authorization"] for request in server.requests)
    assert announced == [
        ("Item001", "CREATE", "eu-west-1"),
        ("Item001", "UPDATE", "eu-west-1"),
        ("Item002", "CREATE", "eu-west-1"),
        ("Item002", "DELETE", "eu-west-1"),
        ("Item003", "DELETE", "eu-west-1"),
    ]


def test_the_first_that_failed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unauthorized(request: Request) -> bytes:
        return http(401, b'{"errors":[{"errorType":"UnauthorizedException","message":"m"}]}')

    with stand_in(unauthorized) as server, cold_start(server.port, monkeypatch) as handler:
        # Little more than is kept back: an unauthorized batch waits for the rest.
        assert handler(event("batch"), Context(5.2)) == {
            "batchItemFailures": [{"itemIdentifier": "4711900000000002830157241"}]
        }


def test_a_redrive_is_told_what_became_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in() as server, cold_start(server.port, monkeypatch) as handler:
        redrive = event("insert") | {"redrive": True, "version": 1}
        assert handler(redrive, Context()) == {
            "version": 1,
            "outcomes": [{"fate": "PUBLISHED", "detail": ""}],
        }


HEALTHY = """
import sys
from relay.app import handler
from tests.fakes.relay import event

class Context:
    function_name = invoked_function_arn = aws_request_id = ""
    memory_limit_in_mb = 1024
    def get_remaining_time_in_millis(self): return 60_000

assert handler(event("batch"), Context()) == {"batchItemFailures": []}
print("boto3" in sys.modules, "botocore.session" in sys.modules, file=sys.stderr)
"""


def in_a_new_process(script: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Runs a script with the function's environment and path."""
    path = os.pathsep.join(str(each) for each in (SRC.parent, SRC, SRC / "layer"))
    return subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": path, **changes},
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_healthy_batch_imports_no_boto3() -> None:
    with stand_in() as server:
        ran = in_a_new_process(HEALTHY, **environ(server.port))
    assert ran.stderr == "False False\n"


def test_a_function_that_is_configured_wrongly_does_not_start() -> None:
    ran = in_a_new_process("import relay.app", **environ(1) | {"GRAPHQL_URL": ""})
    assert ran.stderr.splitlines()[-1] == (
        "antipode.errors.SettingsError: environment variable GRAPHQL_URL is missing"
    )
