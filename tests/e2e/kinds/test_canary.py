"""The canary, deployed as a user would: it hears itself, and sees the other Region's writes."""

from __future__ import annotations

import json
from typing import Any

import boto3

from antipode_tools.project.world_file import WorldFile

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"


def look(world: WorldFile, region: str) -> Any:
    """What the Region's canary finds, when it is called as its schedule would."""
    session = boto3.Session(world.iam.access_key_id, world.iam.secret_access_key)
    functions = session.client("lambda", region_name=region, endpoint_url=world.engine_url)
    name = f"{world.regions[region].stack}-CanaryFunction-{region}"
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    told = json.load(answer["Payload"])
    assert answer.get("FunctionError", "") == "", told
    return told


def test_each_region_hears_itself_and_sees_the_other(world: WorldFile) -> None:
    look(world, SYDNEY)
    found = look(world, IRELAND)
    assert found["missing"] == {}
    assert (list(found["heard"]), list(found["ages"])) == ([IRELAND], [SYDNEY])


def test_the_alarms_are_deployed(world: WorldFile) -> None:
    session = boto3.Session(world.iam.access_key_id, world.iam.secret_access_key)
    cloudwatch = session.client("cloudwatch", region_name=IRELAND, endpoint_url=world.engine_url)
    watching = {alarm["MetricName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert {"CanaryMissing", "IteratorAge", "PutRequests", "ReplicationLag"} <= watching
