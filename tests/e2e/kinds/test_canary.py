"""The canary, deployed as a user would: it hears itself, and sees the other Region's writes."""

from __future__ import annotations

import io
import json
from typing import Any

import boto3

from antipode_tools.operate.output import Output
from antipode_tools.operate.probe.command import Run, probe
from antipode_tools.operate.probe.origin import Origin
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
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


def test_a_probe_from_inside_the_regions_hears_of_every_write_once_and_in_order(
    world: WorldFile,
) -> None:
    out, err = io.StringIO(), io.StringIO()
    asked = Run(
        where=Where.LOCAL,
        state=world.logs.parent,
        origin=Origin.REGIONS,
        writes=6,
        # On a busy machine replication takes its time, and merges what comes meanwhile.
        pause_s=1.0,
        json_output=True,
        output=Output(out, err),
    )
    assert (probe([], asked), err.getvalue()) == (ExitCode.DONE, ""), out.getvalue()
    told = json.loads(out.getvalue())
    assert [
        (pair["written_in"], pair["heard_in"], len(pair["milliseconds"]), pair["out_of_order"])
        for pair in told["pairs"]
    ] == [
        (writer, listener, 6, 0)
        for writer in ("ireland", "sydney")
        for listener in ("ireland", "sydney")
    ]
