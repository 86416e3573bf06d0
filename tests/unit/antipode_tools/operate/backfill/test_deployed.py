"""The tables of a backfill, found on AWS by samconfig.toml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from antipode_tools.operate.backfill.asked import Asked, Outside
from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.deployed import deployed, has_relay, is_replica
from antipode_tools.operate.backfill.report import Ends
from antipode_tools.operate.stacks.errors import UsageError
from antipode_tools.operate.stacks.target import Target, named
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig, project_root

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"


def make(region: str, name: str, key: str = "id") -> None:
    boto3.client("dynamodb", region_name=region).create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def found(region: str, *, where: Where | None, world: WorldConfig) -> Target:
    """Every Region's stack on AWS."""
    chosen = named(region, world)
    return Target(chosen, Where.AWS, boto3.Session(), {"region_name": chosen.code}, {})


def opened(root: Path, **options: Any) -> AbstractContextManager[Outside]:
    given = {"source": "todos-old", "model": "Todo", "to": "ireland", "begins": "sydney", **options}
    asked = Asked(where=Where.AWS, root=root, **given)
    return deployed(asked, find=found, announcing=lambda _, region: region == IRELAND)


@pytest.fixture
def project(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two Regions with a table of Todo each, and an older table in Sydney."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    publish = root / "src" / "relay" / "publish.json"
    publish.parent.mkdir(parents=True)
    of_repository = json.loads((project_root() / "src" / "relay" / "publish.json").read_text())
    [model] = of_repository["models"].values()
    publish.write_text(json.dumps({**of_repository, "models": {"Todo": model}}))
    with mock_aws():
        make(IRELAND, "antipode-Todo")
        make(SYDNEY, "todos-old", "number")
        yield root


@pytest.mark.parametrize("begins", ["sydney", SYDNEY])
def test_both_tables_are_found_each_in_its_region(project: Path, begins: str) -> None:
    with opened(project, begins=begins, stamp="changedAt") as outside:
        assert outside.ends == Ends("todos-old", SYDNEY, "antipode-Todo", IRELAND)
        assert (outside.source.key, outside.target.key) == (("number",), ("id",))
        assert outside.form == Form({"id": "S"}, "changedAt")
        assert (outside.regions, outside.announcing) == ([IRELAND], [IRELAND])
        name = f"aws-todos-old-{SYDNEY}-to-antipode-Todo-{IRELAND}.json"
        assert outside.file.path == project / ".aws-sam" / "backfill" / name


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"model": "Card"}, "there is no model Card in graphql/models.graphql; it has"),
        ({"to": "atlantis"}, "samconfig.toml has no Region atlantis"),
        ({"source": "nowhere"}, f"there is no table nowhere in {SYDNEY}"),
        (
            {"source": "antipode-Todo", "begins": ""},
            "antipode-Todo is the table of Todo itself",
        ),
        (
            {"source": f"arn:aws:dynamodb:{SYDNEY}:111122223333:table/todos-old"},
            "is an ARN: name the table, todos-old. Its Region is said by --from",
        ),
        ({"source": ""}, "'' is no name of a table"),
        ({"begins": "new york"}, "--from new york is no Region: name one of ireland"),
        ({"begins": "us-east-1"}, "there is no table todos-old in us-east-1"),
    ],
)
def test_what_is_not_there_is_named(project: Path, options: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told), opened(project, **options):
        pass


@pytest.mark.parametrize(
    ("source", "begins", "same"),
    [
        ("antipode-Todo", SYDNEY, True),
        ("antipode-Todo", "us-east-1", False),
        ("todos-old", SYDNEY, False),
    ],
)
def test_a_replica_of_the_models_own_table_is_known(source: str, begins: str, same: bool) -> None:
    ends = Ends(source, begins, "antipode-Todo", IRELAND)
    assert is_replica(ends, [IRELAND, SYDNEY]) is same


@pytest.mark.parametrize(
    ("parameters", "reads"),
    [
        ([{"ParameterKey": "RelayEnabled", "ParameterValue": "false"}], False),
        ([{"ParameterKey": "RelayEnabled", "ParameterValue": "true"}], True),
        ([{"ParameterKey": "Introspection", "ParameterValue": "false"}], True),
    ],
)
def test_a_relay_reads_where_it_is_not_off(parameters: list[Any], reads: bool) -> None:
    client = boto3.Session("x", "y").client("cloudformation", region_name=IRELAND)
    stack = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "Parameters": parameters,
    }
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack]})
        assert has_relay(client, "antipode", IRELAND) is reads


def test_no_relay_reads_where_there_is_no_stack() -> None:
    client = boto3.Session("x", "y").client("cloudformation", region_name=IRELAND)
    with Stubber(client) as stub:
        stub.add_client_error("describe_stacks", "ValidationError", "antipode does not exist")
        assert not has_relay(client, "antipode", IRELAND)
