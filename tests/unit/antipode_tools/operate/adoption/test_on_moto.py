"""The command as an operator calls it, against an imitation of DynamoDB.

moto's CloudFormation takes packages that nothing else here needs, so this ends where that begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from antipode_tools.cli.app import app

HOME = "eu-west-1"
TABLE: dict[str, Any] = {
    "TableName": "antipode-ItemsModel",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def made(region: str = HOME, **different: Any) -> None:
    client = boto3.Session("test", "test").client("dynamodb", region_name=region)
    client.create_table(**{**TABLE, **different})


def adopt(folder: Path, *arguments: str, table: str = "antipode-ItemsModel") -> Result:
    called = ["adopt", table, "--model", "ItemsModel", "--folder", str(folder), *arguments]
    return CliRunner().invoke(app, called, env={**CREDENTIALS, "COLUMNS": "100"})


def test_a_table_of_another_region_is_told_with_its_region(tmp_path: Path) -> None:
    made("ap-southeast-2")
    told = adopt(tmp_path)
    assert told.exit_code == 1
    assert told.stderr.startswith(
        "antipode adopt: there is no table antipode-ItemsModel in eu-west-1, the home Region, of"
        " account 123456789012, but in ap-southeast-2: "
    )


def test_a_table_of_no_region_ends_it_as_well(tmp_path: Path) -> None:
    told = adopt(tmp_path, table="Todo")
    assert (told.exit_code, told.stderr) == (
        1,
        "antipode adopt: there is no table Todo in eu-west-1, the home Region, of account"
        " 123456789012, nor in ap-southeast-2: name the table as its account has it\n",
    )


def test_an_arn_is_wrong_usage(tmp_path: Path) -> None:
    told = adopt(tmp_path, table="arn:aws:dynamodb:eu-west-1:123456789012:table/Todo")
    assert told.exit_code == 2
    assert "is an ARN: name the table, Todo." in told.stderr
