"""A deployment by the real SAM CLI, with CloudFormation as the engine has it."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from antipode_tools.operate.deployment.cloudformation import CloudFormationStacks
from antipode_tools.operate.deployment.command import Asked, Outside, Terminal, deploy
from antipode_tools.operate.deployment.following import RegionServices, Time
from antipode_tools.operate.deployment.probing import unprobed
from antipode_tools.operate.deployment.running import Deployment, Schemas
from antipode_tools.operate.deployment.sam import SamCli, runner
from antipode_tools.operate.deployment.standing import Standing, Wish
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.config import project_root
from antipode_tools.project.regions import read_regions
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from tests.unit.antipode_tools.operate.deployment.fakes import (
    FakeAlarms,
    FakeApi,
    FakeCloud,
    FakeTables,
)

HOME, AWAY = "eu-west-1", "ap-southeast-2"
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  HomeRegion: {{Type: String}}
  Regions: {{Type: CommaDelimitedList}}
  DeletionProtection: {{Type: String, Default: 'true'}}
  Note: {{Type: String}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: {seconds}
      Tags: [{{Key: protected, Value: !Ref DeletionProtection}}]
Outputs:
  Note: {{Value: !Ref Note}}
"""
ENVIRONMENT = """
[{name}.global.parameters]
stack_name = "antipode"
region = "{code}"

[{name}.deploy.parameters]
capabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"
resolve_s3 = true

[{name}.deploy.parameters.parameter_overrides]
HomeRegion = "eu-west-1"
Regions = "eu-west-1,ap-southeast-2"
Note = 'a "quoted" \\w+ note'
"""


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


def project(root: Path, *, seconds: int) -> None:
    (root / "template.yaml").write_text(TEMPLATE.format(seconds=seconds))
    environments = [
        ENVIRONMENT.format(name=name, code=code)
        for name, code in (("ireland", HOME), ("sydney", AWAY))
    ]
    (root / "samconfig.toml").write_text("\n".join(["version = 0.1", *environments]))


def outside(aws: Aws, root: Path, environment: Mapping[str, str]) -> Outside:
    every = {each.code: each for each in read_regions(root / "samconfig.toml").values()}
    nothing = FakeCloud(dict.fromkeys(every, Standing()))  # it has neither tables nor an API
    regions = {
        code: RegionServices(
            CloudFormationStacks(aws.session.client("cloudformation", **aws.at(code)), "antipode"),
            FakeTables(nothing, code),
            FakeApi(nothing, code),
            FakeAlarms(nothing, code),
        )
        for code in every
    }
    sam = SamCli(root / "samconfig.toml", every[HOME], runner(root, environment))
    times = Time(time.time, time.monotonic, lambda _: time.sleep(0.1))
    wish = Wish(HOME, list(every.values()), every)
    return Outside(
        lambda say: Deployment(wish, regions, sam, Schemas("", ""), say, times, unprobed)
    )


async def test_the_sam_clis_change_sets_are_carried_out_or_shown_and_deleted(
    aws: Aws, tmp_path: Path
) -> None:
    environment = isolated(os.environ, run=tmp_path / "run", region=HOME, endpoint=aws.endpoint)
    root = tmp_path / "project"
    root.mkdir()

    async def run(*, dry_run: bool = False) -> list[str]:
        out, err = io.StringIO(), io.StringIO()
        asked = Asked(dry_run=dry_run, yes=True, output=Output(out, err))
        ended = await asyncio.to_thread(
            deploy, asked, outside=outside(aws, root, environment), terminal=Terminal()
        )
        assert (ended, err.getvalue()) == (ExitCode.DONE, "")
        return out.getvalue().splitlines()

    project(root, seconds=30)
    assert [line for line in await run() if line.endswith("serves")] == [
        "ireland: CREATE_COMPLETE, and it serves",
        "sydney: CREATE_COMPLETE, and it serves",
        "ireland: UPDATE_COMPLETE, and it serves",
    ]
    client = aws.session.client("cloudformation", **aws.at(AWAY))
    [stack] = client.describe_stacks(StackName="antipode")["Stacks"]
    assert stack["Outputs"][0]["OutputValue"] == 'a "quoted" \\w+ note'

    project(root, seconds=60)
    shown = await run(dry_run=True)
    assert "  ~ Queue (AWS::SQS::Queue)" in shown
    assert shown[-1] == "dry run: nothing is deployed"
    for code in (HOME, AWAY):
        client = aws.session.client("cloudformation", **aws.at(code))
        made = client.list_change_sets(StackName="antipode")["Summaries"]
        assert [each for each in made if each["ExecutionStatus"] == "AVAILABLE"] == []
