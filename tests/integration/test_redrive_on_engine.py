"""A whole redrive against SQS, S3, Lambda and CloudFormation as the engine has them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.operate.output import Output
from antipode_tools.operate.redrive.command import Run, redrive
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import project_root
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import ACCESS_KEY, SECRET_KEY, isolated
from tests.fakes.project import make_project, start_world
from tests.unit.antipode_tools.operate.redrive.fakes import batch, message, record

REGION = "eu-west-1"
KEY = "aws/lambda/7c0d7c1e/shardId-01/2026/01/01/2026-01-01T00.00.01-aaaa"

TEMPLATE = {
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Bucket": {"Type": "AWS::S3::Bucket"},
    },
    "Outputs": {
        "UndeliveredQueueUrl": {"Value": {"Ref": "Queue"}},
        "OnFailureBucketName": {"Value": {"Ref": "Bucket"}},
        "RelayFunctionName": {"Value": "relay"},
    },
}

# Stands in for the relay: it notes what it publishes in a file, and reads from another what else
# to do with whose records.
STAND_IN = """
import json, os, pathlib
import boto3

HERE = pathlib.Path(os.environ["HERE"])

def handler(event, context):
    assert event["redrive"] is True
    deeds = json.loads((HERE / "deeds.json").read_text())
    halted = set()
    outcomes = [outcome(record, deeds, halted) for record in event["Records"]]
    return {"version": 1, "outcomes": outcomes}

def outcome(record, deeds, halted):
    item = record["dynamodb"]["Keys"]["id"]["S"]
    deed = "HELD_BACK" if item in halted else deeds.get(record["eventID"], "PUBLISHED")
    if deed == "FAILED":
        halted.add(item)
    if deed == "crash":
        raise MemoryError("poison")
    if deed == "UNDELIVERED":
        body = {"version": 1, "reason": "rejected", "detail": "", "region": "eu-west-1",
                "model": "ItemsModel", "record": record}
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(body))
    if deed == "PUBLISHED":
        with (HERE / "published").open("a") as published:
            published.write(record["eventID"] + "\\n")
    return {"fate": deed, "detail": "as told"}
"""


@dataclass(frozen=True)
class Stack:
    """A stack on the engine, and the project folder from which it is redriven."""

    root: Path
    aws: Aws
    outputs: dict[str, str]

    def lay(self, messages: list[Any], objects: dict[str, list[Any]]) -> None:
        """Leaves records undelivered."""
        sqs = self.aws.session.client("sqs", **self.aws.at(REGION))
        s3 = self.aws.session.client("s3", **self.aws.at(REGION))
        for each in messages:
            sqs.send_message(
                QueueUrl=self.outputs["UndeliveredQueueUrl"], MessageBody=message(each)
            )
        for key, records in objects.items():
            s3.put_object(Bucket=self.outputs["OnFailureBucketName"], Key=key, Body=batch(*records))

    def tell_relay(self, deeds: dict[str, str]) -> None:
        (self.root / "deeds.json").write_text(json.dumps(deeds))

    @property
    def published(self) -> list[str]:
        return (self.root / "published").read_text().split()

    async def redrive(
        self, *, dry_run: bool = False, where: Where = Where.LOCAL
    ) -> tuple[ExitCode, dict[str, Any]]:
        """The command's status, and what it tells programs."""
        output = Output(io.StringIO(), io.StringIO())
        status = await asyncio.to_thread(
            redrive,
            "ireland",
            Run(dry_run=dry_run, json_output=True, where=where, root=self.root, output=output),
        )
        assert isinstance(output.out, io.StringIO)
        return status, json.loads(output.out.getvalue() or "{}")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    run = tmp_path / "run"
    (run / "tmp").mkdir(parents=True)
    installation = EngineInstallation(root=project_root(), shared=project_root() / ".local")
    environment = isolated(os.environ, run=run, region=REGION)
    await installation.install(environment=environment, log=tmp_path / "install.log")
    engine = await Engine.start(
        installation, port=0, run=run, region=REGION, log=tmp_path / "engine.log"
    )
    yield engine
    await engine.stop()


@pytest.fixture
async def stack(engine: Engine, tmp_path: Path) -> Stack:
    aws = Aws(engine.url)
    outputs = await asyncio.to_thread(deploy, aws, tmp_path)
    start_world(make_project(tmp_path), engine_url=engine.url, outputs=outputs)
    return Stack(tmp_path, aws, outputs)


def deploy(aws: Aws, folder: Path) -> dict[str, str]:
    """The stack's outputs."""
    cloudformation = aws.session.client("cloudformation", **aws.at(REGION))
    cloudformation.create_stack(StackName="antipode", TemplateBody=json.dumps(TEMPLATE))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="antipode", WaiterConfig={"Delay": 1}
    )
    stack = cloudformation.describe_stacks(StackName="antipode")["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as files:
        files.writestr("app.py", STAND_IN)
    aws.session.client("lambda", **aws.at(REGION)).create_function(
        FunctionName="relay",
        Runtime="python3.13",
        Handler="app.handler",
        Role="arn:aws:iam::000000000000:role/relay",
        Code={"ZipFile": package.getvalue()},
        Timeout=30,
        Environment={"Variables": {"HERE": str(folder), "QUEUE": outputs["UndeliveredQueueUrl"]}},
    )
    return outputs


async def test_what_is_mended_is_published_and_removed_and_what_is_not_stays(stack: Stack) -> None:
    stack.lay(
        [record("a", 10), record("rejected", 2)],
        {KEY: [record("a", 3), record("poison", 4), record("down", 5), record("down", 6)]},
    )
    stack.tell_relay({"rejected2": "UNDELIVERED", "poison4": "crash", "down5": "FAILED"})

    status, looked = await stack.redrive(dry_run=True)
    assert (status, looked["records"], looked["hidden"]) == (ExitCode.FAILED, 6, 0)

    status, first = await stack.redrive()
    assert status is ExitCode.FAILED
    assert (first["hidden"], first["records"]) == (0, 6)
    assert (first["published"], first["kept"], first["stopped"]) == (2, 3, None)
    assert [each["id"] for each in first["rejected"]] == ["rejected2"]
    assert {each["id"]: each["why"] for each in first["failed"]} == {
        "poison4": "the relay crashed: Runtime.HandlerError: poison",
        "down5": "as told",
    }
    assert (first["messages_removed"], first["objects_removed"]) == (2, 0)
    assert first["objects_shrunk"] == 1
    # The invocation that crashed had published what stands before the poison.
    assert stack.published == ["a3", "a3", "a10"]

    stack.tell_relay({})
    status, second = await stack.redrive()
    assert status is ExitCode.DONE
    assert (second["records"], second["published"], second["kept"]) == (4, 4, 0)
    # The invocation that crashed had queued the rejected record a first time.
    assert (second["messages_removed"], second["objects_removed"]) == (2, 1)
    assert set(stack.published) == {"a10", "a3", "down5", "down6", "poison4", "rejected2"}

    status, third = await stack.redrive()
    assert status is ExitCode.DONE
    assert (third["records"], third["messages"], third["objects"]) == (0, 0, 0)


async def test_a_stack_on_aws_is_found_by_its_outputs_and_the_callers_credentials(
    stack: Stack, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", engine.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    stack.lay([record("a", 1)], {})
    stack.tell_relay({})

    status, told = await stack.redrive(where=Where.AWS)

    assert (status, told["where"], told["published"]) == (ExitCode.DONE, "aws", 1)
    assert stack.published == ["a1"]


async def test_a_world_that_has_died_is_not_running(stack: Stack, engine: Engine) -> None:
    await engine.stop()

    assert await stack.redrive(dry_run=True) == (ExitCode.NOT_RUNNING, {})
