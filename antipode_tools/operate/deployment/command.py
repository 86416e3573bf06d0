"""`antipode deploy [REGION...]`: every Region's stack, in the right order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import boto3

from antipode_tools.operate.cleanup.dynamodb import DynamoDBTables
from antipode_tools.operate.deployment.alarms import CloudWatchAlarms
from antipode_tools.operate.deployment.api import AppSyncApi
from antipode_tools.operate.deployment.cloudformation import CloudFormationStacks
from antipode_tools.operate.deployment.following import RegionServices, Time
from antipode_tools.operate.deployment.guarding import Clients, Guarding, unguarded
from antipode_tools.operate.deployment.planning import Plan
from antipode_tools.operate.deployment.ports import Probe
from antipode_tools.operate.deployment.probing import probing, unprobed
from antipode_tools.operate.deployment.running import Deployment, Schemas
from antipode_tools.operate.deployment.sam import SamCli, runner
from antipode_tools.operate.deployment.standing import Wish
from antipode_tools.operate.doctor.command import on_aws as examined
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import (
    ExitCode,
    NoCredentials,
    OperationError,
    UsageError,
)
from antipode_tools.operate.stacks.tables import named_tables, table_names
from antipode_tools.operate.stacks.target import load_world, of_stage
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.finding import Finding, Verdict

SCHEMA, APPSYNC = "graphql/schema.graphql", "graphql/appsync.graphql"


@dataclass(frozen=True)
class Asked(Options):
    """What an operator asked for.

    Args:
        regions: empty for all of the stage.
        stage: empty for production.
        yes: do not ask whether to go on.
        relay_on: switch the relay on in Regions that were made without.
        watch_minutes: how long each Region's alarms are watched before the next.
        rollback_minutes: how long CloudFormation watches them, and takes an update back by itself;
            not at all by default.
        probe: how often to write in each Region to try it out; not at all by default.
        role: the ARN of the role that CloudFormation acts in; empty for the caller's credentials.
    """

    regions: Sequence[str] = ()
    stage: str = ""
    dry_run: bool = False
    yes: bool = False
    relay_on: bool = False
    watch_minutes: int = 0
    rollback_minutes: int = 0
    probe: int = 0
    role: str = ""


@dataclass(frozen=True)
class Terminal:
    """Who confirms, and how time passes."""

    confirm: Callable[[str], bool] = lambda _: False
    time: Time = field(default_factory=lambda: Time(time.time, time.monotonic, time.sleep))


@dataclass(frozen=True)
class Outside:
    """What a deployment works on.

    Args:
        deployment: makes one that reports to what it is given.
        findings: what a doctor found of the account beforehand.
    """

    deployment: Callable[[Callable[[str], None]], Deployment]
    findings: Callable[[], Sequence[Finding]] = tuple


def deploy(
    asked: Asked,
    *,
    outside: Outside | None = None,
    terminal: Terminal | None = None,
) -> ExitCode:
    """Deploys, or says what it would deploy.

    Args:
        outside: None takes the Regions of samconfig.toml, on AWS.
    """
    terminal = terminal or Terminal()

    def say(line: str) -> None:
        event = json.dumps({"at": line}) if asked.json_output else line
        asked.output.out.write(f"{event}\n")
        asked.output.out.flush()

    try:
        outside = outside or on_aws(asked, terminal.time)
        _examine(outside.findings(), asked.role, say)
        deployment = outside.deployment(say)
        try:
            return _deploy(deployment, asked, terminal)
        finally:
            deployment.discard()
    except OperationError as error:
        return asked.output.stopped("deploy", error)
    except KeyboardInterrupt:
        asked.output.err.write(
            "antipode deploy: interrupted; CloudFormation ends what it is at. Run this again: it"
            " continues from there\n"
        )
        return ExitCode.INTERRUPTED


def on_aws(asked: Asked, time: Time) -> Outside:
    """The Regions of samconfig.toml, on AWS.

    Raises:
        UsageError: there is no such Region, or they are not of one system.
    """
    world = load_world(asked.root)
    wish = wished(asked, world)
    session = boto3.Session()
    owner = CloudFormationStacks(
        session.client("cloudformation", region_name=wish.home), wish.owner.stack
    ).find()
    # A Region that is off the list may still have a stack.
    codes = [*wish.every, *sorted((owner.regions if owner else set()) - wish.every.keys())]
    regions = {code: _services(session, code, wish) for code in codes}
    schemas = Schemas(_text(world.root / SCHEMA), _text(world.root / APPSYNC))
    guarding = partial(Guarding, partial(Clients.of, session), asked.rollback_minutes, asked.role)
    probe: Probe = probing(asked.probe, asked.root) if asked.probe else unprobed
    sam = SamCli(world.samconfig, wish.chosen[0], runner(world.root, os.environ), asked.role)
    return Outside(
        lambda say: Deployment(
            wish,
            regions,
            sam,
            schemas,
            say,
            time,
            probe,
            watch_s=asked.watch_minutes * 60.0,
            guard=guarding(say) if asked.rollback_minutes else unguarded,
        ),
        lambda: list(examined([region.name for region in wish.chosen], asked.root)),
    )


def wished(asked: Asked, world: WorldConfig) -> Wish:
    """What is asked for, by the Regions of samconfig.toml.

    Raises:
        UsageError
    """
    asked_for = of_stage(asked.stage, asked.regions, world)
    chosen = list({region.name: region for region in asked_for}.values())
    every = {region.code: region for region in world.regions if region.stack == chosen[0].stack}
    if strangers := [each for each in chosen if every.get(each.code) != each]:
        names = ", ".join(f"{each.name} has {each.stack} in {each.code}" for each in strangers)
        raise UsageError(f"{chosen[0].name} has {chosen[0].stack}, and {names}: not one system")
    homes = {region.home for region in every.values()}
    lists = {region.parameters.get("Regions", "") for region in every.values()}
    if len(homes) != 1 or len(lists) != 1 or not homes <= every.keys():
        raise UsageError(
            "samconfig.toml does not name one HomeRegion that it has, and one list of Regions:"
            " run antipode schema"
        )
    return Wish(
        homes.pop(),
        chosen,
        every,
        table_names(world.root, chosen[0]),
        asked.relay_on,
        named_tables(world.root, chosen[0]),
    )


def _services(session: boto3.Session, code: str, wish: Wish) -> RegionServices:
    stack = wish.owner.stack
    return RegionServices(
        CloudFormationStacks(session.client("cloudformation", region_name=code), stack),
        DynamoDBTables(session.client("dynamodb", region_name=code), stack, wish.tables),
        AppSyncApi(session.client("appsync", region_name=code)),
        CloudWatchAlarms(session.client("cloudwatch", region_name=code), stack),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _examine(findings: Sequence[Finding], role: str, say: Callable[[str], None]) -> None:
    """Says who deploys, and what a doctor minds. What forbids it is judged later, by what stands.

    Raises:
        NoCredentials
        UsageError: the role is another account's.
    """
    for each in findings:
        if each.subject == "credentials":
            _identify(each, role, say)
        elif each.verdict is not Verdict.RIGHT:
            where = f"{each.region}: " if each.region else ""
            say(f"! {where}{each.subject}: {each.found}{f' ({each.fix})' if each.fix else ''}")


def _identify(credentials: Finding, role: str, say: Callable[[str], None]) -> None:
    caller = credentials.found
    match credentials.verdict:
        case Verdict.WRONG:
            raise NoCredentials(caller)
        case Verdict.WARNING:
            say(f"! credentials: {caller}")
        case Verdict.RIGHT:
            if role and _account(role) != _account(caller):
                raise UsageError(
                    f"the role {role} is of account {_account(role)}, and the credentials are those"
                    f" of {caller}: use those of the account to deploy to"
                )
            say(f"as {caller}")


def _account(arn: str) -> str:
    """`arn:aws:iam::111122223333:role/x`: the fifth part."""
    return (arn.split(":") + [""] * 5)[4]


def _deploy(deployment: Deployment, asked: Asked, terminal: Terminal) -> ExitCode:
    plan = deployment.prepare()
    _tell(plan, deployment)
    if asked.dry_run:
        deployment.say("dry run: nothing is deployed")
        return ExitCode.DONE
    if not asked.yes and not terminal.confirm("Deploy this?"):
        raise OperationError("not confirmed; nothing was deployed (--yes confirms)")
    deployment.run(plan.steps)
    deployment.say(f"deployed: {', '.join(region.name for region in deployment.wish.chosen)}")
    return ExitCode.DONE


def _tell(plan: Plan, deployment: Deployment) -> None:
    for number, step in enumerate(plan.steps, 1):
        deployment.say(f"{number}. {step}")
    for note in plan.notes:
        deployment.say(f"! {note}")
