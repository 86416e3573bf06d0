"""Deployments: doctor, deploy, adopt, import, cleanup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antipode_tools.cli.messages import confirm
from antipode_tools.cli.options import (
    DryRunOption,
    JsonOption,
    PortOption,
    RegionArgument,
    StageOption,
    StateOption,
    TlsOption,
)
from antipode_tools.cli.world_config import config_of
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from antipode_tools.project.finding import Finding


def doctor(
    regions: Annotated[
        list[str] | None,
        typer.Argument(help="ireland sydney, or their codes.", show_default="all"),
    ] = None,
    where: Annotated[
        Where, typer.Option(help="This machine, or the account and its stacks.")
    ] = Where.LOCAL,
    port: PortOption = None,
    state: StateOption = None,
    tls: TlsOption = False,
    stage: StageOption = "",
    as_json: JsonOption = False,
) -> None:
    """Check this machine or an AWS account, and say what to fix.

    \b
      antipode doctor
      antipode doctor --where aws
      antipode doctor --where aws ireland --json

    On AWS: credentials, quotas, the stacks and whether they differ, the tables' deletion
    protection, and when API keys expire. Changes nothing. Ends with 1 if anything is wrong (✖); a
    warning (!) is not.
    """
    if where is Where.AWS:
        _report(_on_aws(regions or [], stage), as_json=as_json)
        return
    from antipode_tools.world.doctor import examine

    config = config_of(port, ",".join(regions or []), state, tls=tls)
    _report(list(examine(config)), as_json=as_json)


def _on_aws(regions: Sequence[str], stage: str) -> list[Finding]:
    from antipode_tools.operate.doctor import command
    from antipode_tools.operate.output import Output
    from antipode_tools.operate.stacks.errors import OperationError

    try:
        return list(command.on_aws(regions, stage=stage))
    except OperationError as error:
        raise typer.Exit(Output().stopped("doctor", error)) from error


def _report(findings: Sequence[Finding], *, as_json: bool) -> None:
    from antipode_tools.cli.display import findings_json, findings_text
    from antipode_tools.project.finding import Verdict

    typer.echo(findings_json(findings) if as_json else findings_text(findings))
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


def deploy(
    regions: Annotated[
        list[str] | None,
        typer.Argument(help="ireland sydney, or their codes.", show_default="all"),
    ] = None,
    stage: StageOption = "",
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    relay_on: Annotated[
        bool,
        typer.Option("--relay-on", help="Switch on a relay that a new Region was made without."),
    ] = False,
    watch: Annotated[
        int,
        typer.Option(
            min=0,
            max=1440,
            help="Watch each Region's alarms for so many minutes before the next.",
        ),
    ] = 0,
    rollback: Annotated[
        int,
        typer.Option(
            "--rollback-minutes",
            min=0,
            max=60,
            help="Have CloudFormation take an update back where an alarm rings for so long after.",
        ),
    ] = 0,
    probe: Annotated[
        int,
        typer.Option(min=0, help="Try each Region out with so many writes."),
    ] = 0,
    role_arn: Annotated[
        str,
        typer.Option(
            envvar="ANTIPODE_ROLE_ARN",
            help="The role that CloudFormation acts in.",
            show_default="the caller's credentials",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Deploy to AWS, Region by Region, in the right order.

    \b
      antipode deploy --dry-run
      antipode deploy
      antipode deploy sydney --yes
      antipode deploy --stage staging

    Looks at the account and the stacks, builds, and shows each stack's changes, with what clients
    would notice. Then, the owner of the tables first where they change, deploys one Region after
    the other: waits until it serves, goes on, or stops and says how to go on and how to go back. If
    it is interrupted, run it again: it continues from there. A dry run uploads what was built, and
    makes and deletes change sets.
    """
    from antipode_tools.operate.deployment import command

    asked = command.Asked(
        regions=regions or [],
        stage=stage,
        dry_run=dry_run,
        yes=yes,
        relay_on=relay_on,
        watch_minutes=watch,
        rollback_minutes=rollback,
        probe=probe,
        role=role_arn,
        json_output=as_json,
    )
    terminal = command.Terminal(confirm=confirm)
    raise typer.Exit(command.deploy(asked, terminal=terminal))


def import_(
    region: RegionArgument,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where to write the files.", show_default=".aws-sam/import"),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Import, and do not only write files.")
    ] = False,
) -> None:
    """Take tables that exist already into a new stack.

    \b
      antipode import ireland
      antipode import ireland --yes

    Such as those that sam delete has kept: their names block another deployment. Describes the
    tables as they are, for CloudFormation's resource import into the home Region's stack, which
    must not exist yet. No table is changed. Then deploy as always.
    """
    from antipode_tools.operate.adoption import command

    asked = command.Asked(region, folder or command.default_folder(), yes=yes)
    raise typer.Exit(command.import_tables(asked))


def adopt(
    table: Annotated[str, typer.Argument(help="A table that is there already.")],
    model: Annotated[str, typer.Option(help="The model that it would be the table of.")],
    stage: StageOption = "",
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where to write the files of the import.", show_default=".aws-sam/import"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write no files.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say whether a table fits a model, and how to take it in.

    \b
      antipode adopt Todo-abc123-prod --model Todo

    Looks at the table, at the stack that has it, at what reads its stream and at how far its
    adoption is: what fits (✔), what a deployment would change (!), what has to be changed first
    (✖); and the steps, with the commands of the next one. Ask again after each. Changes nothing on
    AWS; where the import is next, its template is written. Ends with 1 if anything has to be
    changed first.
    """
    from antipode_tools.cli.display import findings_text
    from antipode_tools.operate.adoption import command, look, neighbourhood, telling
    from antipode_tools.operate.output import Output
    from antipode_tools.operate.stacks.errors import OperationError
    from antipode_tools.project.finding import Verdict

    written = None if dry_run else folder or command.default_folder()
    try:
        outside = neighbourhood.on_aws(stage)
        report = look.adopt(table, model, outside, stage=stage, folder=written)
    except OperationError as error:
        raise typer.Exit(Output().stopped("adopt", error)) from error
    if as_json:
        typer.echo(json.dumps(telling.document(report), indent=2, ensure_ascii=False))
    else:
        typer.echo(f"{findings_text(report.findings)}\n\n{telling.text(report)}")
    if any(each.verdict is Verdict.WRONG for each in report.findings):
        raise typer.Exit(ExitCode.FAILED)


def cleanup(
    regions: Annotated[list[str], typer.Argument(help="ireland sydney, or their codes.")],
    with_items: Annotated[
        bool,
        typer.Option(
            "--with-items", help="Delete tables that hold items and buckets that hold objects, too."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be deleted, and delete nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what a failed first deployment left on AWS.

    \b
      antipode cleanup ireland sydney --dry-run
      antipode cleanup ireland sydney

    Such as stacks that were rolled back, and the tables and buckets that block another try. Refuses
    a stack that is deployed, tables that hold items and tables of other projects. If it is
    interrupted, run it again: it continues from there.
    """
    from antipode_tools.operate.cleanup import command

    asked = command.Asked(
        regions, with_items=with_items, dry_run=dry_run, yes=yes, json_output=as_json
    )
    terminal = command.Terminal(confirm=confirm)
    raise typer.Exit(command.cleanup(asked, terminal=terminal))
