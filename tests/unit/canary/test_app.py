"""The function as Lambda loads it, against a Region in memory."""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import ExitStack
from typing import Any

import pytest
from antipode.canary.order import Order, as_event
from antipode.errors import SettingsError
from moto import mock_aws

from tests.fakes.appsync import Request, http, stand_in
from tests.fakes.realtime import RealtimeServer, realtime_server

REGION = "eu-west-1"


class Context:
    """Lambda's context object, in as far as Powertools reads it."""

    function_name = "canary"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:canary"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return 59_000


def answering(server: RealtimeServer) -> Any:
    def answer(request: Request) -> bytes:
        item = {"id": REGION, "version": 3}
        if json.loads(request.body)["query"].startswith("mutation"):
            server.tell("1", {"onUpdateBeat": item})
            return http(200, json.dumps({"data": {"updateBeat": item}}).encode())
        return http(200, b'{"data": {"r0": null}}')

    return answer


def announcing(server: RealtimeServer) -> Any:
    """An API whose writes are told to the subscriptions, in the order of the kinds."""

    def answer(request: Request) -> bytes:
        asked = json.loads(request.body)
        kinds = ["create", "update", "delete"]
        [kind] = [kind for kind in kinds if f"{kind}Beat" in asked["query"]]
        change = {"id": f"{len(server.frames)}", "kind": kind.upper(), "sequence": "1"}
        item = {"id": asked["variables"]["id"], "_change": change}
        server.tell(f"{kinds.index(kind) + 1}", {f"on{kind.capitalize()}Beat": item})
        return http(200, b'{"data": {}}')

    return answer


def load(monkeypatch: pytest.MonkeyPatch, mode: str, **urls: str) -> Any:
    variables = {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "GRAPHQL_URL": urls.get("graphql", "http://127.0.0.1:1/graphql"),
        "REALTIME_URL": urls.get("realtime", "ws://127.0.0.1:1/graphql/realtime"),
        "API_ID": "a",
        "AUTH_MODE": mode,
        "MODEL": "Beat",
        "REGIONS": f"{REGION},ap-southeast-2",
        "TOKEN_SECRET_ID": "antipode-token",
        "POWERTOOLS_SERVICE_NAME": "canary",
        "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
        "STACK_NAME": "shop",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    sys.modules.pop("canary.app", None)
    return importlib.import_module("canary.app")


def missing(out: str) -> dict[str, int]:
    lines = [json.loads(line) for line in out.splitlines()]
    return {
        line["SourceRegion"]: line["CanaryMissing"][0]
        for line in lines
        if "CanaryMissing" in line and "SourceRegion" in line
    }


@pytest.mark.enable_socket
def test_it_hears_itself_and_misses_a_region_that_never_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as exits:
        server = exits.enter_context(realtime_server())
        api = exits.enter_context(stand_in(answering(server)))
        url = f"http://127.0.0.1:{api.port}/graphql"
        app = load(monkeypatch, "AWS_IAM", graphql=url, realtime=server.url)
        told = app.handler({}, Context())
    assert missing(capsys.readouterr().out) == {REGION: 0, "ap-southeast-2": 1}
    assert told["missing"] == {"ap-southeast-2": "no write of it has ever arrived here"}


@pytest.mark.enable_socket
def test_it_takes_part_in_a_probe_and_counts_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    order = Order("r1", (REGION,), items=1, pause_s=0, within_s=5)
    with ExitStack() as exits:
        server = exits.enter_context(realtime_server())
        api = exits.enter_context(stand_in(announcing(server)))
        url = f"http://127.0.0.1:{api.port}/graphql"
        app = load(monkeypatch, "AWS_IAM", graphql=url, realtime=server.url)
        told = app.handler(as_event(order), Context())
    item = f"probe-r1-{REGION}-0"
    kinds = ["CREATE", "UPDATE", "DELETE"]
    assert (told["version"], told["problems"]) == (1, [])
    assert [(each["item"], each["kind"]) for each in told["writes"]] == [(item, k) for k in kinds]
    assert [each["kind"] for each in told["heard"] if each["item"] == item] == kinds
    assert missing(capsys.readouterr().out) == {}


@pytest.mark.enable_socket
@pytest.mark.parametrize("mode", ["API_KEY", "AWS_LAMBDA"])
def test_without_anything_to_sign_in_with_all_are_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mode: str
) -> None:
    with mock_aws():
        app = load(monkeypatch, mode)
        app.handler({}, Context())
    assert missing(capsys.readouterr().out) == {REGION: 1, "ap-southeast-2": 1}


def test_in_a_mode_of_users_it_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        SettingsError, match="is OPENID_CONNECT, in which nobody signs in but users"
    ):
        load(monkeypatch, "OPENID_CONNECT")
