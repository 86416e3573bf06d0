"""A clean-up against CloudFormation, DynamoDB and S3 as the engine has them."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from antipode_tools.operate.cleanup.cloudformation import CloudFormationStacks
from antipode_tools.operate.cleanup.command import Asked, Outside, Terminal, cleanup
from antipode_tools.operate.cleanup.dynamodb import DynamoDBTables
from antipode_tools.operate.cleanup.leftovers import Leftovers
from antipode_tools.operate.cleanup.running import RegionServices
from antipode_tools.operate.cleanup.s3 import S3Buckets
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.config import project_root
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from tests.fakes.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import TagTypeDef

HOME, OTHER = "eu-west-1", "ap-southeast-2"
TABLE, BUCKET = "antipode-ItemsModel", "antipode-onfailurebucket-1a2b"


@pytest.fixture
async def aws(tmp_path: Path) -> AsyncIterator[Aws]:
    run = tmp_path / "run"
    (run / "tmp").mkdir(parents=True)
    installation = EngineInstallation(root=project_root(), shared=project_root() / ".local")
    environment = isolated(os.environ, run=run, region=HOME)
    await installation.install(environment=environment, log=tmp_path / "install.log")
    engine = await Engine.start(
        installation, port=0, run=run, region=HOME, log=tmp_path / "engine.log"
    )
    yield Aws(engine.url)
    await engine.stop()


def services(aws: Aws, region: str) -> RegionServices:
    client, at = aws.session.client, aws.at(region)
    return RegionServices(
        CloudFormationStacks(client("cloudformation", **at), "antipode"),
        DynamoDBTables(client("dynamodb", **at), "antipode", [TABLE]),
        S3Buckets(client("s3", **at), "antipode"),
    )


def leave_a_table_and_its_replica(aws: Aws) -> None:
    home = aws.session.client("dynamodb", **aws.at(HOME))
    home.create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        DeletionProtectionEnabled=True,
    )
    home.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": OTHER}}])
    aws.session.client("dynamodb", **aws.at(OTHER)).update_table(
        TableName=TABLE, DeletionProtectionEnabled=True
    )
    home.put_item(TableName=TABLE, Item={"id": {"S": "1"}})


def leave_a_bucket(aws: Aws) -> None:
    s3 = aws.session.client("s3", **aws.at(HOME))
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    tags = {"stack-name": "antipode", "logical-id": "OnFailureBucket"}
    tag_set: list[TagTypeDef] = [
        {"Key": f"aws:cloudformation:{key}", "Value": value} for key, value in tags.items()
    ]
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tag_set})
    for body in (b"first", b"second"):
        s3.put_object(Bucket=BUCKET, Key="batch", Body=body)


async def test_protected_tables_and_a_versioned_bucket_go_when_they_are_asked_to(aws: Aws) -> None:
    leave_a_table_and_its_replica(aws)
    leave_a_bucket(aws)
    regions = {HOME: services(aws, HOME), OTHER: services(aws, OTHER)}
    clock, out, err = Clock(), io.StringIO(), io.StringIO()
    terminal = Terminal(clock=clock, sleep=clock.sleep)

    def run(*, with_items: bool) -> ExitCode:
        asked = Asked([HOME, OTHER], with_items=with_items, yes=True, output=Output(out, err))
        return cleanup(asked, outside=Outside(HOME, regions), terminal=terminal)

    assert await asyncio.to_thread(run, with_items=False) is ExitCode.FAILED
    assert "holds items: --with-items deletes them too" in err.getvalue()

    assert await asyncio.to_thread(run, with_items=True) is ExitCode.DONE
    assert [each.look() for each in regions.values()] == [Leftovers(), Leftovers()]
