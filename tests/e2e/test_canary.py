"""The canary, deployed as a user would: it hears itself, and sees the other Region's writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world import control
from antipode_tools.world.progress import silent
from tests.e2e.project import config_of, project

MODELS = "type Beat @model { id: ID! }"
IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldFile]:
    """Both Regions, each with a canary of the model Beat and an alarm for it."""
    root = project(tmp_path_factory.mktemp("project"), MODELS)
    samconfig = root / "samconfig.toml"
    # At the beginning of a line: the same stands in comments.
    protects = '\nDeletionProtection = "true"\n'
    topic = 'AlarmTopicArn = "arn:aws:sns:eu-west-1:000000000000:on-call"\nDashboard = "true"\n'
    text = samconfig.read_text()
    assert text.count(protects) == 2
    samconfig.write_text(text.replace(protects, f'{protects}CanaryModel = "Beat"\n{topic}'))
    config = config_of(root, tmp_path_factory.mktemp("state"))
    yield control.start(config, silent)
    control.stop(config)


def look(world: WorldFile, region: str) -> Any:
    """What the Region's canary finds, when it is called as its schedule would."""
    session = boto3.Session(world.iam.access_key_id, world.iam.secret_access_key)
    functions = session.client("lambda", region_name=region, endpoint_url=world.engine_url)
    name = f"{world.regions[region].stack}-CanaryFunction-{region}"
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    told = json.load(answer["Payload"])
    assert answer.get("FunctionError", "") == "", told
    return told


def test_each_region_hears_itself_and_sees_the_other(watched: WorldFile) -> None:
    look(watched, SYDNEY)
    found = look(watched, IRELAND)
    assert found["missing"] == {}
    assert (list(found["heard"]), list(found["ages"])) == ([IRELAND], [SYDNEY])


def test_the_alarms_are_deployed(watched: WorldFile) -> None:
    session = boto3.Session(watched.iam.access_key_id, watched.iam.secret_access_key)
    cloudwatch = session.client("cloudwatch", region_name=IRELAND, endpoint_url=watched.engine_url)
    watching = {alarm["MetricName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert {"CanaryMissing", "IteratorAge", "PutRequests", "ReplicationLag"} <= watching
