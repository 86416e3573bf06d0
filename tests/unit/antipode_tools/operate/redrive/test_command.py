"""The command, as far as it goes without a relay: what it says, and what it ends with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from antipode_tools.operate.output import Output
from antipode_tools.operate.redrive.command import Run, redrive, redrive_stack
from antipode_tools.operate.redrive.progress import Progress
from antipode_tools.operate.redrive.queue import TO_LOOK, TO_SEND
from antipode_tools.operate.redrive.report import as_json
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region
from tests.fakes.clock import Clock
from tests.fakes.project import start_world
from tests.unit.antipode_tools.operate.redrive.fakes import batch, message, record

KEY = "aws/lambda/7c0d7c1e/shardId-01/2026/01/01/2026-01-01T00.00.01-aaaa"
# Moto has one server, which tells at once what a queue holds.
LOOKING = replace(TO_LOOK, poll_s=0)


@pytest.fixture
def output() -> Output:
    return Output(io.StringIO(), io.StringIO())


def said(output: Output) -> str:
    """What went to the error stream, nothing having gone to the other."""
    assert isinstance(output.out, io.StringIO)
    assert isinstance(output.err, io.StringIO)
    assert output.out.getvalue() == ""
    return output.err.getvalue()


def test_an_unknown_region_is_wrong_usage(root: Path, output: Output) -> None:
    assert redrive("virginia", Run(root=root, output=output)) is ExitCode.WRONG_USAGE
    assert said(output) == (
        "antipode redrive: samconfig.toml has no Region virginia; it has ireland (eu-west-1),"
        " sydney (ap-southeast-2)\n"
    )


def test_a_local_world_that_does_not_run_is_not_running(root: Path, output: Output) -> None:
    status = redrive("ireland", Run(where=Where.LOCAL, root=root, output=output))

    assert status is ExitCode.NOT_RUNNING
    assert (
        said(output) == "antipode redrive: the local world is not running: start it with make up\n"
    )


def test_a_stack_that_is_too_old_is_a_failure(root: Path, output: Output) -> None:
    elsewhere = root / "elsewhere"
    elsewhere.mkdir()
    start_world(elsewhere)

    assert (
        redrive("ireland", Run(root=root, state=elsewhere / ".local", output=output))
        is ExitCode.FAILED
    )
    assert said(output) == (
        "antipode redrive: stack antipode in eu-west-1 has no output UndeliveredQueueUrl: deploy"
        " this version\n"
    )


@pytest.fixture
def target() -> Iterator[Target]:
    """A stack with a message and an object, on AWS as moto plays it."""
    with mock_aws():
        session = boto3.Session("x", "y", region_name="eu-west-1")
        sqs, s3 = session.client("sqs"), session.client("s3")
        url = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
        s3.create_bucket(
            Bucket="on-failure", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        sqs.send_message(QueueUrl=url, MessageBody=message(record("a", 1)))
        s3.put_object(Bucket="on-failure", Key=KEY, Body=batch(record("a", 1), record("b", 2)))
        yield Target(
            region=Region("ireland", "eu-west-1", "antipode", {}),
            where=Where.AWS,
            session=session,
            arguments={"region_name": "eu-west-1"},
            outputs={"UndeliveredQueueUrl": url, "OnFailureBucketName": "on-failure"},
        )


def test_a_look_changes_nothing_and_leaves_nothing_hidden(target: Target) -> None:
    first, second = (
        redrive_stack(target, dry_run=True, progress=Progress(io.StringIO(), Clock()), hold=LOOKING)
        for _ in range(2)
    )

    told = as_json(first)
    assert (told["records"], told["messages"], told["objects"], told["hidden"]) == (2, 1, 1, 0)
    assert told["dry_run"]
    assert not first.everything_delivered
    assert as_json(second) | {"seconds": 0} == told | {"seconds": 0}


def test_a_redrive_that_ends_in_an_error_leaves_nothing_hidden(target: Target) -> None:
    progress = Progress(io.StringIO(), Clock())

    with pytest.raises(Exception, match=r"no output RelayFunctionName"):
        redrive_stack(target, dry_run=False, progress=progress, hold=replace(TO_SEND, poll_s=0))

    seen = redrive_stack(target, dry_run=True, progress=progress, hold=LOOKING)
    assert as_json(seen)["messages"] == 1
