"""Finding the edge's store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.route.target import described, domains_of, find
from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
    UsageError,
)
from antipode_tools.project.regions import Region

STACK = Region("default", "us-east-1", "antipode-edge", {})
OUTPUTS = {
    "Regions": "eu-west-1=eu.api.example.com,ap-southeast-2=ap.api.example.com",
    "RouteStoreArn": "arn:aws:cloudfront::111122223333:key-value-store/0a1b2c3d",
}


def outputs(answer: dict[str, str] | str) -> dict[str, str]:
    """What CloudFormation's answer, or its error's message, is made into."""
    client = boto3.Session("test", "test", region_name="us-east-1").client("cloudformation")
    with Stubber(client) as stubber:
        if isinstance(answer, str):
            stubber.add_client_error("describe_stacks", "ValidationError", answer)
        else:
            stubber.add_response("describe_stacks", stacks(answer), {"StackName": "antipode-edge"})
        return described(client, STACK)


def stacks(answer: dict[str, str]) -> dict[str, Any]:
    told = [{"OutputKey": key, "OutputValue": value} for key, value in answer.items()]
    stack = {
        "StackName": "antipode-edge",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": told,
    }
    return {"Stacks": [stack]}


def test_the_outputs_name_the_store_and_the_regions() -> None:
    found = outputs(OUTPUTS)
    assert found["RouteStoreArn"] == OUTPUTS["RouteStoreArn"]
    assert domains_of(found) == {
        "eu-west-1": "eu.api.example.com",
        "ap-southeast-2": "ap.api.example.com",
    }


def test_an_edge_without_a_store_is_reported() -> None:
    with pytest.raises(OperationError, match="was deployed with Routing=LAMBDA"):
        outputs({"Regions": OUTPUTS["Regions"]})


def test_an_edge_that_is_not_there_is_reported() -> None:
    with pytest.raises(NotRunningError) as missing:
        outputs("Stack with id antipode-edge does not exist")
    assert str(missing.value) == (
        "there is no stack antipode-edge in us-east-1:"
        " deploy it with sam deploy --config-env default, in the folder edge"
    )


@pytest.mark.parametrize("text", ["version = 0.1\n", "x ="])
def test_a_samconfig_that_describes_no_stack_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "edge").mkdir()
    (tmp_path / "edge" / "samconfig.toml").write_text(text)
    with pytest.raises(UsageError, match=r"edge/samconfig.toml must describe one stack"):
        find(tmp_path)


def test_without_credentials_there_is_no_edge() -> None:
    with pytest.raises(NoCredentials) as missing:
        find()
    assert str(missing.value) == "there are no credentials for AWS (aws configure)"
