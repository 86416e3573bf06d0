"""`antipode import REGION`: takes tables that are there into the home Region's stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import boto3

from antipode_tools.operate.adoption.aws import CHANGE_SET, CloudFormation, DynamoDB
from antipode_tools.operate.adoption.live import LiveTable, refusals
from antipode_tools.operate.adoption.writing import RESOURCES, TEMPLATE, write
from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.tables import models
from antipode_tools.operate.stacks.target import load_world, named
from antipode_tools.operate.wording import counted
from antipode_tools.project.config import project_root
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import table_of


class Tables(Protocol):
    """Where tables are looked up."""

    def find(self, name: str) -> LiveTable | None:
        """Raises OperationError."""


class Owner(Protocol):
    """The stack that is to own them. Every method may raise OperationError."""

    def status(self) -> str: ...

    def take(self, tables: Mapping[str, LiveTable]) -> None: ...


@dataclass(frozen=True)
class Outside:
    """What an import works on."""

    region: Region
    models: Sequence[str]
    tables: Tables
    owner: Owner


@dataclass(frozen=True)
class Asked(Options):
    """What an operator asked for.

    Args:
        folder: where the two files of the import are written.
        yes: carry it out.
    """

    region: str
    folder: Path
    yes: bool = False


def import_tables(asked: Asked, *, outside: Outside | None = None) -> ExitCode:
    """Writes what CloudFormation needs to import the tables, and imports them if asked to.

    Args:
        outside: None takes the Region of samconfig.toml, on AWS.
    """
    try:
        outside = outside or on_aws(asked)
        tables = _found(outside)
        _refuse(outside, tables)
        write(asked.folder, tables)
        if asked.yes:
            outside.owner.take(tables)
    except OperationError as error:
        return asked.output.stopped("import", error)
    asked.output.out.write(_summary(asked, outside.region, tables))
    return ExitCode.DONE


def on_aws(asked: Asked) -> Outside:
    """The home Region of samconfig.toml, on AWS.

    Raises:
        UsageError: there is no such Region, or it is not the home Region.
    """
    world = load_world(asked.root)
    region = named(asked.region, world)
    if region.code != region.home:
        owner = region.home or "HomeRegion"
        raise UsageError(
            f"{region.code} is not the home Region: the stack in {owner} owns the tables"
        )
    session = boto3.Session()
    return Outside(
        region,
        models(world.root),
        DynamoDB(lambda code: session.client("dynamodb", region_name=code), region.home),
        CloudFormation(session.client("cloudformation", region_name=region.home), region.stack),
    )


def default_folder() -> Path:
    """Beside what `sam build` makes, which no repository holds."""
    return project_root() / ".aws-sam" / "import"


def _found(outside: Outside) -> dict[str, LiveTable]:
    found = {
        model: outside.tables.find(table_of(outside.region, model)) for model in outside.models
    }
    return {model: table for model, table in found.items() if table}


def _refuse(outside: Outside, tables: Mapping[str, LiveTable]) -> None:
    region = outside.region
    status = outside.owner.status()
    if status not in ("", "REVIEW_IN_PROGRESS"):
        raise OperationError(
            f"there is a stack {region.stack} in {region.code} ({status}): an import makes it anew,"
            " so delete it first. Its tables stay"
        )
    if not tables:
        names = ", ".join(table_of(region, model) for model in outside.models)
        raise OperationError(
            f"there is nothing to import in {region.code}, none of {names}:"
            f" sam deploy --config-env {region.name} makes them"
        )
    if reasons := [reason for table in tables.values() for reason in refusals(table)]:
        raise OperationError("; ".join(reasons))


def _summary(asked: Asked, region: Region, tables: Mapping[str, LiveTable]) -> str:
    deploy = f"  antipode deploy {region.name}\n"
    names = ", ".join(table.name for table in tables.values())
    if asked.yes:
        return f"imported {counted(len(tables), 'table')}: {names}. Go on with\n{deploy}"
    of = f"--stack-name {region.stack} --change-set-name {CHANGE_SET} --region {region.code}"
    return (
        f"nothing is changed yet. To import {counted(len(tables), 'table')} ({names}), run this"
        " again with --yes, or\n"
        f"  aws cloudformation create-change-set {of} --change-set-type IMPORT"
        f" --template-body file://{asked.folder / TEMPLATE}"
        f" --resources-to-import file://{asked.folder / RESOURCES}\n"
        f"  aws cloudformation wait change-set-create-complete {of}\n"
        f"  aws cloudformation execute-change-set {of}\n"
        f"  aws cloudformation wait stack-import-complete --stack-name {region.stack}"
        f" --region {region.code}\n"
        f"and then\n{deploy}"
    )
