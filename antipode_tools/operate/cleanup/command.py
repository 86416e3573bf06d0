"""`antipode cleanup REGION...`: deletes what a first deployment that failed has left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import boto3

from antipode_tools.operate.cleanup.cloudformation import CloudFormationStacks
from antipode_tools.operate.cleanup.dynamodb import DynamoDBTables
from antipode_tools.operate.cleanup.leftovers import Wish
from antipode_tools.operate.cleanup.planning import Step, Stop, plan
from antipode_tools.operate.cleanup.running import Cleanup, RegionServices
from antipode_tools.operate.cleanup.s3 import S3Buckets
from antipode_tools.operate.cleanup.secrets import SecretsManagerSecrets
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.tables import named_tables, table_names
from antipode_tools.operate.stacks.target import load_world, named
from antipode_tools.operate.wording import counted
from antipode_tools.project.regions import Region


@dataclass(frozen=True)
class Asked(Options):
    """What an operator asked for.

    Args:
        regions: the Regions to clean up, and no other.
        yes: do not ask whether to go on.
    """

    regions: Sequence[str]
    with_items: bool = False
    dry_run: bool = False
    yes: bool = False


@dataclass(frozen=True)
class Outside:
    """What a clean-up works on.

    Args:
        home: the Region whose stack declares the tables.
        kept: the tables that are left alone, whatever they are.
    """

    home: str
    regions: Mapping[str, RegionServices]
    kept: Sequence[str] = ()


@dataclass(frozen=True)
class Terminal:
    """Who confirms, and how time passes."""

    confirm: Callable[[str], bool] = lambda _: False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def cleanup(
    asked: Asked, *, outside: Outside | None = None, terminal: Terminal | None = None
) -> ExitCode:
    """Deletes what is left, or says what it would delete.

    Args:
        outside: None takes the Regions of samconfig.toml, on AWS.

    Returns:
        DONE if nothing is left, or nothing forbids deleting it; FAILED where it cannot go on.
    """
    terminal = terminal or Terminal()
    try:
        outside = outside or on_aws(asked)
        return _clean(_cleanup(outside, asked, terminal), asked, terminal, outside.kept)
    except OperationError as error:
        return asked.output.stopped("cleanup", error)
    except KeyboardInterrupt:
        asked.output.err.write(
            "antipode cleanup: interrupted; run it again: it continues from there\n"
        )
        return ExitCode.INTERRUPTED


def on_aws(asked: Asked) -> Outside:
    """The Regions of samconfig.toml that were named, on AWS.

    Raises:
        UsageError: there is no such Region, or samconfig.toml does not name the home Region.
    """
    world = load_world(asked.root)
    chosen = [named(name, world) for name in asked.regions]
    home = _home(chosen)
    # The other Regions' stacks only use the tables.
    with_tables = any(region.code == home for region in chosen)
    tables = table_names(world.root, chosen[0]) if with_tables else ()
    # What is called as the stack calls nothing was there before the stack, or may have been.
    kept = named_tables(world.root, chosen[0]) if with_tables else {}
    own = [table for table in tables if table not in kept] if with_tables else ()
    session = boto3.Session()
    regions = {each.code: services(session, each, home, own) for each in chosen}
    return Outside(home, regions, list(kept))


def _home(regions: Sequence[Region]) -> str:
    if len({region.stack for region in regions}) > 1:
        stacks = ", ".join(f"{region.name} has {region.stack}" for region in regions)
        raise UsageError(f"the Regions are not of one system: {stacks}")
    homes = {region.home for region in regions}
    if len(homes) > 1 or "" in homes:
        raise UsageError("samconfig.toml does not name one HomeRegion: run antipode schema")
    return homes.pop()


def services(
    session: boto3.Session, region: Region, home: str, tables: Sequence[str]
) -> RegionServices:
    """The services of one Region."""
    stack, code = region.stack, region.code
    secrets = SecretsManagerSecrets(session.client("secretsmanager", region_name=code), stack)
    return RegionServices(
        CloudFormationStacks(session.client("cloudformation", region_name=code), stack),
        DynamoDBTables(session.client("dynamodb", region_name=code), stack, tables),
        S3Buckets(session.client("s3", region_name=code), stack),
        secrets if code == home else None,
    )


def _cleanup(outside: Outside, asked: Asked, terminal: Terminal) -> Cleanup:
    def say(line: str) -> None:
        event = json.dumps({"at": line.strip()}) if asked.json_output else line
        asked.output.out.write(f"{event}\n")
        asked.output.out.flush()

    wish = Wish(outside.home, asked.with_items)
    return Cleanup(wish, outside.regions, say=say, clock=terminal.clock, sleep=terminal.sleep)


def _clean(cleaning: Cleanup, asked: Asked, terminal: Terminal, kept: Sequence[str]) -> ExitCode:
    steps, stop = plan(cleaning.look(), cleaning.wish)
    if asked.dry_run:
        made = _plan_json if asked.json_output else _plan_text
        asked.output.out.write(f"{made(steps, stop, kept)}\n")
        return ExitCode.FAILED if stop else ExitCode.DONE
    if stop:
        raise OperationError("; ".join(stop.reasons))
    if not steps:
        cleaning.say("nothing is left: sam deploy can begin again")
        return ExitCode.DONE
    if not asked.yes:
        asked.output.err.write(f"{_numbered(steps)}\n")
        if not terminal.confirm("Do all of this? Nothing brings it back."):
            raise OperationError("not confirmed; nothing was deleted (--yes confirms)")
    taken = cleaning.run()
    cleaning.say(
        f"{counted(len(taken), 'step')} taken, nothing is left: sam deploy can begin again"
    )
    return ExitCode.DONE


def _numbered(steps: Sequence[Step]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _plan_text(steps: Sequence[Step], stop: Stop | None, kept: Sequence[str]) -> str:
    lines = ["dry run: nothing is deleted"]
    lines += [_numbered(steps)] if steps else []
    lines += [f"refused: {reason}" for reason in stop.reasons] if stop else []
    lines = lines if len(lines) > 1 else [*lines, "nothing is left"]
    return "\n".join([*lines, *map(_kept, kept)])


def _kept(table: str) -> str:
    return (
        f"kept: table {table}, whose name @model(table:) gives: it was there before the stack, or"
        " may have been"
    )


def _plan_json(steps: Sequence[Step], stop: Stop | None, kept: Sequence[str]) -> str:
    described = [
        {"do": step.action.name.lower(), "in": step.region, "name": step.name or None}
        for step in steps
    ]
    return json.dumps(
        {
            "dry_run": True,
            "steps": described,
            "refused": stop.reasons if stop else [],
            "kept": list(kept),
        }
    )
