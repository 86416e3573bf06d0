"""Draining a Region: what is written, what is refused, and who is waited for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from antipode_tools.operate.drain import command
from antipode_tools.operate.drain.command import Find, Run
from antipode_tools.operate.drain.following import Follower, Time, follow, route53
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from tests.fakes.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}


@dataclass
class Follows:
    """Takes the Region for healthy for so many looks, and then no more."""

    looks: int
    seen: list[bool] = field(default_factory=list)

    def __call__(self) -> bool:
        self.seen.append(len(self.seen) < self.looks)
        return self.seen[-1]


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Both Regions deployed on AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    with mock_aws():
        for region in REGIONS.values():
            ssm = boto3.client("ssm", region_name=region)
            ssm.put_parameter(Name="drained", Value="false", Type="String")
        yield Run(
            wait=False,
            json_output=True,
            root=root,
            find=deployed({"DrainedParameter": "drained"}),
            output=Output(io.StringIO(), io.StringIO()),
        )


def deployed(outputs: Mapping[str, str]) -> Find:
    """Every Region's stack on AWS, with these outputs."""

    def found(region: str, *, where: Where | None, world: WorldConfig) -> Target:
        chosen = next((each for each in world.regions if region in (each.name, each.code)), None)
        if chosen is None:
            raise UsageError(f"there is no {region}")
        arguments = {"region_name": chosen.code}
        return Target(chosen, Where.AWS, boto3.Session(), arguments, outputs)

    return found


def drained(region: str) -> str | None:
    ssm = boto3.client("ssm", region_name=region)
    return ssm.get_parameter(Name="drained")["Parameter"].get("Value")


def told(stream: Any) -> str:
    text: str = stream.getvalue()
    return text


@pytest.mark.parametrize("name", ["ireland", "eu-west-1"])
def test_a_region_is_drained_and_put_back(run: Run, name: str) -> None:
    assert command.drain(name, run, drained=True) == ExitCode.DONE
    assert (drained("eu-west-1"), drained("ap-southeast-2")) == ("true", "false")
    assert json.loads(told(run.output.out)) == {
        "region": "eu-west-1",
        "name": "ireland",
        "drained": True,
        "followed": {},
    }
    assert command.drain(name, run, drained=False) == ExitCode.DONE
    assert drained("eu-west-1") == "false"


def test_a_region_may_be_drained_twice(run: Run) -> None:
    for _ in range(2):
        assert command.drain("ireland", run, drained=True) == ExitCode.DONE
    assert drained("eu-west-1") == "true"


def test_the_last_region_in_use_is_not_drained(run: Run) -> None:
    command.drain("ireland", run, drained=True)
    assert command.drain("sydney", run, drained=True) == ExitCode.FAILED
    assert drained("ap-southeast-2") == "false"
    assert "ap-southeast-2 is the last Region in use" in told(run.output.err)


def test_the_last_region_in_use_is_drained_by_force(run: Run) -> None:
    command.drain("ireland", run, drained=True)
    assert command.drain("sydney", replace(run, force=True), drained=True) == ExitCode.DONE
    assert drained("ap-southeast-2") == "true"


def test_a_region_that_is_not_in_samconfig_is_wrong_usage(run: Run) -> None:
    assert command.drain("virginia", run, drained=True) == ExitCode.WRONG_USAGE
    assert told(run.output.err) == "antipode drain: there is no virginia\n"


def test_a_stack_without_the_shared_name_has_nothing_to_drain(run: Run) -> None:
    without = replace(run, find=deployed({}))
    assert command.drain("ireland", without, drained=True) == ExitCode.FAILED
    assert "has no DomainName" in told(run.output.err)


# -- Following ----------------------------------------------------------------------------------


def followed(looks: int, clock: Clock) -> float | None:
    """After how long DNS took the Region for unhealthy."""
    follower, time = Follower("DNS", Follows(looks)), Time(clock, clock.sleep)
    return follow(follower, healthy=False, within_s=60, pause_s=10, time=time)


def test_what_follows_is_waited_for() -> None:
    assert followed(3, Clock()) == 30


def test_what_does_not_follow_is_given_up() -> None:
    clock = Clock()
    assert followed(1000, clock) is None
    assert clock.now == 60


@pytest.fixture
def client() -> Route53Client:
    return boto3.client("route53", aws_access_key_id="none", aws_secret_access_key="none")


@pytest.mark.parametrize(
    ("well", "ill", "healthy"), [(16, 0, True), (3, 13, True), (2, 14, False), (0, 16, False)]
)
def test_route_53_takes_a_region_for_healthy_while_more_than_18_percent_of_its_checkers_do(
    client: Route53Client, well: int, ill: int, healthy: bool
) -> None:
    statuses = ["Success: HTTP Status Code 200, OK"] * well
    statuses += ["Failure: HTTP Status Code 503, Service Unavailable"] * ill
    observations = [{"StatusReport": {"Status": status}} for status in statuses]
    check = "01234567-89ab-cdef-0123-456789abcdef"
    with Stubber(client) as stub:
        answer = {"HealthCheckObservations": observations}
        stub.add_response("get_health_check_status", answer, {"HealthCheckId": check})
        assert route53(client, check) is healthy


def test_a_health_check_that_cannot_be_read_is_reported(client: Route53Client) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_health_check_status", "NoSuchHealthCheck")
        with pytest.raises(OperationError, match="cannot read the health check abc"):
            route53(client, "abc")
