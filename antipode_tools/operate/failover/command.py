"""`antipode failover --to REGION`: moves a custom domain name to another Region."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import boto3
from botocore.config import Config

from antipode_tools.operate.failover.appsync import AppSyncDomains
from antipode_tools.operate.failover.handover import Plan, Step, Wish, plan
from antipode_tools.operate.failover.ports import Domains, Names
from antipode_tools.operate.failover.route53 import Route53Names
from antipode_tools.operate.failover.running import HandOver
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import find, load_world
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region

# Long enough for a slow Region, short enough to recognise a lost one within half a minute.
_PATIENCE = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


@dataclass(frozen=True)
class Asked(Options):
    """What an operator asked for.

    Args:
        to: ireland, or eu-west-1.
        certificate: the ARN of a certificate for the name, in us-east-1.
        zone: the hosted zone that holds the name's record.
        lost: go on although another Region is silent.
        minutes: how long AWS is waited for.
    """

    to: str
    name: str
    certificate: str
    zone: str
    lost: bool = False
    dry_run: bool = False
    minutes: float = 45


@dataclass(frozen=True)
class Outside:
    """What a hand-over works on.

    Args:
        domains: AppSync in each Region, by the Region's code.
        api_id: the API of the Region that is to have the name.
    """

    to: str
    api_id: str
    domains: Mapping[str, Domains]
    names: Names


@dataclass(frozen=True)
class Terminal:
    """How time passes."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def failover(
    asked: Asked, *, outside: Outside | None = None, terminal: Terminal | None = None
) -> ExitCode:
    """Moves the name, or tells how it would.

    Args:
        outside: None takes the Regions of samconfig.toml, on AWS.

    Returns:
        DONE if the Region has the name, or would have; FAILED where it cannot go on.
    """
    terminal = terminal or Terminal()
    try:
        check(asked)
        moving = _hand_over(asked, outside or on_aws(asked, terminal), terminal)
        return _foretell(moving, asked, terminal) if asked.dry_run else _move(moving)
    except OperationError as error:
        return asked.output.stopped("failover", error)


def check(asked: Asked) -> None:
    """Refuses what AWS would refuse after the name is gone from where it was.

    Raises:
        UsageError
    """
    if not asked.certificate.startswith("arn:aws:acm:us-east-1:"):
        raise UsageError(
            f"{asked.certificate} is not the ARN of a certificate in us-east-1, where AppSync looks"
            " for it"
        )
    if asked.name != asked.name.lower() or "." not in asked.name or ":" in asked.name:
        raise UsageError(f"{asked.name} is no domain name in lower case")


def on_aws(asked: Asked, terminal: Terminal) -> Outside:
    """The Regions of samconfig.toml as they are on AWS.

    Raises:
        UsageError: there is no such Region.
        NotRunningError: there are no credentials, or it has no stack.
    """
    world = load_world(asked.root)
    target = find(asked.to, where=Where.AWS, world=world)
    session = boto3.Session()
    return Outside(
        to=target.region.code,
        api_id=target.output("ApiId"),
        domains={region.code: _domains(session, region) for region in world.regions},
        names=Route53Names(session.client("route53"), asked.zone, sleep=terminal.sleep),
    )


def _domains(session: boto3.Session, region: Region) -> Domains:
    client = session.client("appsync", region_name=region.code, config=_PATIENCE)
    return AppSyncDomains(client)


def _hand_over(asked: Asked, outside: Outside, terminal: Terminal) -> HandOver:
    wish = Wish(asked.name, outside.to, outside.api_id, asked.certificate, asked.lost)

    def say(line: str) -> None:
        event = json.dumps({"at": line.strip()}) if asked.json_output else line
        asked.output.out.write(f"{event}\n")
        asked.output.out.flush()

    return HandOver(
        wish,
        outside.domains,
        outside.names,
        say=say,
        clock=terminal.clock,
        sleep=terminal.sleep,
        patience_s=asked.minutes * 60,
    )


def _move(moving: HandOver) -> ExitCode:
    taken = moving.run()
    moving.say(_end(moving.wish, taken))
    return ExitCode.DONE


def _end(wish: Wish, taken: list[Step]) -> str:
    if not taken:
        return f"{wish.name} is already in {wish.to}: nothing to do"
    return f"{wish.name} is in {wish.to} now; clients come back as their DNS entries expire"


def _foretell(moving: HandOver, asked: Asked, terminal: Terminal) -> ExitCode:
    planned = plan(moving.look(), moving.wish)
    text = _plan_json(planned, asked) if asked.json_output else _plan_text(planned, moving.wish)
    asked.output.out.write(f"{text}\n")
    return ExitCode.FAILED if planned.stop else ExitCode.DONE


def _plan_text(planned: Plan, wish: Wish) -> str:
    lines = [
        f"{number}. {step.described(wish.name)}" for number, step in enumerate(planned.steps, 1)
    ]
    if planned.stop:
        lines.append(f"stop: {planned.stop.why}")
    elif not lines:
        lines.append(_end(wish, []))
    return "\n".join(["dry run: nothing is changed", *lines])


def _plan_json(planned: Plan, asked: Asked) -> str:
    steps = [{"do": step.action.name.lower(), "in": step.region} for step in planned.steps]
    stop = planned.stop.why if planned.stop else None
    return json.dumps({"dry_run": True, "name": asked.name, "steps": steps, "stop": stop})
