"""`antipode backfill`: a table's items, copied into a model's table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antipode_tools.cli.messages import confirm
from antipode_tools.cli.options import JsonOption, StateOption, WhereOption


def backfill(
    source: Annotated[str, typer.Argument(help="The table that is copied from.")],
    model: Annotated[str, typer.Option(help="The model whose table is copied to.")],
    to: Annotated[str, typer.Option(help="The Region that is written to: ireland, or eu-west-1.")],
    from_: Annotated[
        str, typer.Option("--from", help="The source's Region.", show_default="the same")
    ] = "",
    rate: Annotated[
        float, typer.Option(help="The most write units a second, in each Region.")
    ] = 500,
    stamp: Annotated[
        str, typer.Option(help="The attribute that says which of two is newer.")
    ] = "updatedAt",
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare both tables, and copy nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Copy what the source has newer since the last copy.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take, and copy nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where it is kept how far it is.", show_default=".aws-sam/backfill"),
    ] = None,
    prices: Annotated[Path | None, typer.Option(help="A file of prices of your own.")] = None,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a table's items into a model's table.

    \b
      antipode backfill todos-old --model Todo --to ireland --dry-run
      antipode backfill todos-old --model Todo --to ireland --from us-east-1
      antipode backfill todos-old --model Todo --to ireland --verify

    For a table that cannot be adopted in place. Says what it costs, asks, and copies; nothing that
    is newer at the target is written over. If it is interrupted, run it again: it goes on from
    there. --verify names the keys that differ. Ends with 1 if items have no key of the model's, or
    if something is missing or older at the target.
    """
    from antipode_tools.operate.backfill import command
    from antipode_tools.operate.backfill.asked import Asked

    asked = Asked(
        source=source,
        model=model,
        to=to,
        begins=from_,
        rate=rate,
        stamp=stamp,
        verify=verify,
        again=again,
        dry_run=dry_run,
        yes=yes,
        folder=folder,
        prices=prices,
        where=where,
        state=state,
        json_output=as_json,
    )
    terminal = command.Terminal(confirm=confirm)
    raise typer.Exit(command.backfill(asked, terminal=terminal))
