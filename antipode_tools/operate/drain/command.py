"""`antipode drain` and `undrain`: writes one parameter, and waits until DNS has followed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from antipode_tools.operate.drain.following import (
    Follower,
    Time,
    follow,
    health,
    name_server,
    route53,
)
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PARAMETER, HEALTH_URL, HEALTH_CHECK = "DrainedParameter", "HealthUrl", "HealthCheckId"

# /health keeps a finding for five seconds; Route 53 wants three failures, ten seconds apart, of
# most of its checkers.
WITHIN_S = 120.0
PAUSE_S = 2.0


class Find(Protocol):
    """Finds the stack of a Region."""

    def __call__(self, region: str, *, where: Where | None, world: WorldConfig) -> Target: ...


@dataclass(frozen=True)
class Run(Options):
    """How a command is run.

    Args:
        force: drain the Region although no other is left.
        wait: until /health and DNS have followed.
    """

    force: bool = False
    wait: bool = True
    within_s: float = WITHIN_S
    find: Find = find
    time: Time = field(default_factory=lambda: Time(time.monotonic, time.sleep))


def drain(region: str, run: Run, *, drained: bool) -> ExitCode:
    """Takes a Region out of the shared name, or puts it back.

    Args:
        region: an environment of samconfig.toml (ireland) or a Region (eu-west-1).

    Returns:
        DONE once it is written, and followed if that was to be waited for; else FAILED.
    """
    try:
        world = load_world(run.root, run.state)
        target = run.find(region, where=run.where, world=world)
        switch = Switch.of(target)
        if drained and not run.force:
            _refuse_the_last(target, run, world)
        switch.write(drained)
        followed = _followed(target, run, world, drained) if run.wait else {}
    except OperationError as error:
        return run.output.stopped("drain" if drained else "undrain", error)
    run.output.out.write(f"{_report(target, followed, run, drained)}\n")
    return ExitCode.DONE if None not in followed.values() else ExitCode.FAILED


@dataclass(frozen=True)
class Switch:
    """The parameter that a Region's /health reads."""

    client: SSMClient
    name: str
    region: str

    @classmethod
    def of(cls, target: Target) -> Switch:
        """Raises OperationError if the Region does not share a name with others."""
        if PARAMETER not in target.outputs:
            raise OperationError(
                f"stack {target.region.stack} in {target.region.code} has no DomainName, so there"
                " is nothing to take it out of; with edge/template.yaml: antipode route drain"
            )
        client = target.session.client("ssm", **target.arguments)
        return cls(client, target.outputs[PARAMETER], target.region.code)

    def read(self) -> bool:
        """Whether the Region is drained."""
        with translated(f"cannot read {self.name} in {self.region}"):
            return self.client.get_parameter(Name=self.name)["Parameter"].get("Value") == "true"

    def write(self, drained: bool) -> None:
        """Drain the Region, or do not."""
        value = "true" if drained else "false"
        with translated(f"cannot write {self.name} in {self.region}"):
            self.client.put_parameter(Name=self.name, Value=value, Overwrite=True)


def _refuse_the_last(target: Target, run: Run, world: WorldConfig) -> None:
    others = [region.code for region in world.regions if region.code != target.region.code]
    if not any(_in_use(code, target.where, run, world) for code in others):
        raise OperationError(
            f"{target.region.code} is the last Region in use: with every Region drained, Route 53"
            " answers as if none were, so nothing would be gained; --force does it all the same"
        )


def _in_use(code: str, where: Where, run: Run, world: WorldConfig) -> bool:
    # One that does not answer is none to send clients to.
    try:
        return not Switch.of(run.find(code, where=where, world=world)).read()
    except OperationError:
        return False


def _followed(
    target: Target, run: Run, world: WorldConfig, drained: bool
) -> dict[str, float | None]:
    """Who had changed after how many seconds; None for whom it took too long."""
    return {
        follower.name: follow(
            follower,
            healthy=not drained,
            within_s=run.within_s,
            pause_s=_pause(target),
            time=run.time,
        )
        for follower in _followers(target, world)
    }


def _pause(target: Target) -> float:
    return PAUSE_S if target.where is Where.AWS else PAUSE_S / 10


def _followers(target: Target, world: WorldConfig) -> list[Follower]:
    return [
        Follower("/health", partial(health, target.output(HEALTH_URL))),
        Follower("DNS", _dns(target, world)),
    ]


def _dns(target: Target, world: WorldConfig) -> Callable[[], bool]:
    match target.where:
        case Where.AWS:
            client = target.session.client("route53", **target.arguments)
            return partial(route53, client, target.output(HEALTH_CHECK))
        case Where.LOCAL:
            shared = running(world).shared_name
            if shared is None:
                raise OperationError("no Regions of the local world share a name")
            return partial(name_server, f"{shared.url}/checks", target.region.code)


def _report(target: Target, followed: Mapping[str, float | None], run: Run, drained: bool) -> str:
    region = target.region
    if run.json_output:
        return json.dumps(
            {"region": region.code, "name": region.name, "drained": drained, "followed": followed}
        )
    lines = [f"{region.name} ({region.code}) is {'drained' if drained else 'in use'}"]
    lines += [f"  {name} {_since(seconds)}" for name, seconds in followed.items()]
    if followed and drained:
        lines.append("  clients move within a minute; open connections stay until they end")
    return "\n".join(lines)


def _since(seconds: float | None) -> str:
    if seconds is None:
        return "has not changed: something else may hold it, or it needs longer. Run this again"
    return f"changed after {seconds:.0f} s"
