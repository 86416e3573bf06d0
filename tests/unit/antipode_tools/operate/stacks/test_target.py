"""Which stack a command is for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
    UsageError,
)
from antipode_tools.operate.stacks.target import find, load_world, named, of_stage, outputs_of
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import Region
from tests.fakes.project import start_world

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

IRELAND = Region("ireland", "eu-west-1", "antipode", {})

OUTPUTS = {
    "UndeliveredQueueUrl": "http://127.0.0.1:4000/000000000000/undelivered",
    "OnFailureBucketName": "on-failure",
    "RelayFunctionName": "relay",
}


@pytest.mark.parametrize("name", ["ireland", "eu-west-1"])
def test_a_region_goes_by_both_of_its_names(root: Path, name: str) -> None:
    start_world(root, outputs=OUTPUTS)

    target = find(name, where=None, world=load_world(root))

    assert (target.region, target.where) == (IRELAND, Where.LOCAL)
    assert target.outputs == OUTPUTS


STAGING = """
[staging.global.parameters]
stack_name = "antipode-staging"
region = "eu-west-1"
"""


@pytest.mark.parametrize(
    ("name", "where", "told"),
    [
        ("eu-west-1", None, "eu-west-1 is the Region of ireland, staging: say which"),
        ("staging", Where.LOCAL, "the local world's eu-west-1 is ireland, not staging"),
    ],
)
def test_of_two_environments_of_a_region_the_one_that_is_meant_must_be_named(
    root: Path, name: str, where: Where | None, told: str
) -> None:
    start_world(root, outputs=OUTPUTS)
    with (root / "samconfig.toml").open("a") as samconfig:
        samconfig.write(STAGING)

    with pytest.raises(OperationError) as caught:
        find(name, where=where, world=load_world(root))

    assert str(caught.value) == told


STAGES = """
[staging-ireland.global.parameters]
stack_name = "staging-antipode"
region = "eu-west-1"
"""


@pytest.fixture
def staged(root: Path) -> WorldConfig:
    """A project whose Ireland is there as another stage, too."""
    (root / "stages.toml").write_text("[staging]\n[development]\n")
    with (root / "samconfig.toml").open("a") as samconfig:
        samconfig.write(STAGES)
    return load_world(root)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("eu-west-1", "ireland"),
        ("ireland", "ireland"),
        ("staging-ireland", "staging-ireland"),
    ],
)
def test_a_region_that_is_there_in_two_stages_is_productions_unless_it_is_named(
    staged: WorldConfig, name: str, found: str
) -> None:
    assert named(name, staged).name == found


@pytest.mark.parametrize(
    ("stage", "names", "found"),
    [
        ("", [], ["ireland", "sydney"]),
        ("", ["sydney", "staging-ireland"], ["sydney", "staging-ireland"]),
        ("staging", [], ["staging-ireland"]),
        ("staging", ["ireland"], ["staging-ireland"]),
        ("staging", ["eu-west-1"], ["staging-ireland"]),
        ("staging", ["staging-ireland"], ["staging-ireland"]),
    ],
)
def test_a_stage_has_its_own_regions(
    staged: WorldConfig, stage: str, names: list[str], found: list[str]
) -> None:
    assert [each.name for each in of_stage(stage, names, staged)] == found


@pytest.mark.parametrize(
    ("stage", "names", "told"),
    [
        ("test", [], "stages.toml has no stage test; it has staging, development"),
        (
            "development",
            [],
            "samconfig.toml has no environment of development: docs/deploying.md shows one",
        ),
        ("staging", ["sydney"], "samconfig.toml has no Region sydney; it has staging-ireland"),
    ],
)
def test_what_a_stage_has_not_is_wrong_usage(
    staged: WorldConfig, stage: str, names: list[str], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        of_stage(stage, names, staged)
    assert str(caught.value).startswith(told)


def test_an_unknown_region_is_wrong_usage(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find("virginia", where=None, world=load_world(root))

    assert str(caught.value) == (
        "samconfig.toml has no Region virginia; it has ireland (eu-west-1), sydney (ap-southeast-2)"
    )


def test_a_project_without_samconfig_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^cannot read .*samconfig\.toml"):
        load_world(tmp_path)


def test_a_local_world_that_is_wanted_and_not_there_is_not_running(root: Path) -> None:
    with pytest.raises(NotRunningError) as caught:
        find("ireland", where=Where.LOCAL, world=load_world(root))

    assert str(caught.value) == "the local world is not running: start it with make up"


def test_what_a_killed_world_has_left_is_no_world(root: Path) -> None:
    lock = start_world(root, outputs=OUTPUTS)
    world = load_world(root)
    assert find("ireland", where=None, world=world).where is Where.LOCAL
    lock.release()

    with pytest.raises(NotRunningError) as caught:
        find("ireland", where=Where.LOCAL, world=world)

    assert str(caught.value) == "the local world is not running: start it with make up"


def test_a_local_world_of_another_version_is_reported_with_what_to_do(root: Path) -> None:
    start_world(root, outputs=OUTPUTS)
    file = root / ".local" / "world.json"
    file.write_text('{"version": 2}')

    with pytest.raises(OperationError) as caught:
        find("ireland", where=None, world=load_world(root))

    assert type(caught.value) is OperationError
    assert str(caught.value) == (
        f"{file} has version 2, and this antipode reads 1: start the local world again with"
        " antipode down && antipode up"
    )


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (
            None,
            "no local world is running (make up), and"
            " there are no credentials for AWS (aws configure)",
        ),
        (Where.AWS, "there are no credentials for AWS (aws configure)"),
    ],
)
def test_the_message_says_where_it_looked(root: Path, where: Where | None, told: str) -> None:
    with pytest.raises(NoCredentials) as caught:
        find("ireland", where=where, world=load_world(root))

    assert str(caught.value) == told


def test_a_region_that_the_local_world_was_not_started_with_is_not_running(root: Path) -> None:
    start_world(root, outputs=OUTPUTS)

    with pytest.raises(NotRunningError) as caught:
        find("sydney", where=None, world=load_world(root))

    assert str(caught.value) == "the local world has no ap-southeast-2; it has eu-west-1"


def test_a_stack_without_the_outputs_that_are_needed_is_too_old(root: Path) -> None:
    start_world(root)
    target = find("ireland", where=None, world=load_world(root))

    with pytest.raises(OperationError) as caught:
        target.output("UndeliveredQueueUrl")

    assert str(caught.value) == (
        "stack antipode in eu-west-1 has no output UndeliveredQueueUrl: deploy this version"
    )


def cloudformation() -> CloudFormationClient:
    return boto3.client(
        "cloudformation", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )


def test_a_stack_on_aws_is_asked_for_its_outputs() -> None:
    client = cloudformation()
    outputs = [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()]
    stack = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": outputs,
    }
    with Stubber(client) as stubber:
        stubber.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "antipode"})

        assert outputs_of(client, IRELAND) == OUTPUTS


def refused(code: str, words: str) -> OperationError:
    """What is made of a refusal of CloudFormation's."""
    client = cloudformation()
    with Stubber(client) as stubber:
        stubber.add_client_error("describe_stacks", code, words)
        with pytest.raises(OperationError) as caught:
            outputs_of(client, IRELAND)
    return caught.value


def test_a_stack_that_is_not_deployed_is_not_running() -> None:
    error = refused("ValidationError", "Stack with id antipode does not exist")

    assert isinstance(error, NotRunningError)
    assert str(error) == (
        "there is no stack antipode in eu-west-1: deploy it with sam deploy --config-env ireland"
    )


def test_a_refusal_of_cloudformations_is_passed_on() -> None:
    error = refused("AccessDenied", "no")

    assert type(error) is OperationError
    assert str(error) == (
        "cannot describe stack antipode in eu-west-1: An error occurred (AccessDenied) when"
        " calling the DescribeStacks operation: no"
    )
