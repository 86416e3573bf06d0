"""The function as Lambda loads it, against AWS in memory."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

EVENT = json.loads((Path(__file__).parents[3] / "events" / "health.json").read_text())


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    variables = {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "TABLE": "antipode-Todo",
        "PARTITION_KEY": "id",
        "PARTITION_KEY_TYPE": "S",
        "SORT_KEY": "",
        "SORT_KEY_TYPE": "S",
        # Nothing listens there.
        "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
        "RELAY_ALARMS": "stuck,throttled",
        "DRAINED_PARAMETER": "drained",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    sys.modules.pop("health.app", None)
    return importlib.import_module("health.app")


@pytest.mark.enable_socket
def test_a_region_is_asked_for_its_health(app: ModuleType) -> None:
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="antipode-Todo",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        boto3.client("ssm").put_parameter(Name="drained", Value="true", Type="String")
        response: dict[str, Any] = app.handler(EVENT, None)
    assert response["statusCode"] == 503
    assert json.loads(response["body"]) == {
        "region": "eu-west-1",
        "healthy": False,
        "failing": ["api", "drained"],
        # There is no alarm of that name.
        "degraded": ["relay"],
    }


def test_nothing_of_the_request_is_in_the_answer(app: ModuleType) -> None:
    told = json.dumps(app.answer("eu-west-1", {}))
    assert EVENT["requestContext"]["http"]["sourceIp"] not in told


def test_a_look_ends_in_the_patience_of_the_whole(app: ModuleType) -> None:
    config = app.IMPATIENT
    assert (config.connect_timeout, config.read_timeout) == (1, 1)
    assert (config.tcp_keepalive, config.retries["total_max_attempts"]) == (True, 1)
