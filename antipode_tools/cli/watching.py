"""What shows what runs: console, probe, cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antipode_tools.cli.options import (
    JsonOption,
    StageOption,
    StateOption,
    WhereOption,
)
from antipode_tools.operate.probe.origin import Origin
from antipode_tools.operate.stacks.where import Where

if TYPE_CHECKING:
    from antipode_tools.project.counted import Counted
    from antipode_tools.project.world_file import WorldFile

TokenOption = Annotated[
    str | None,
    typer.Option(
        envvar="ANTIPODE_TOKEN", help="What clients sign in with, where none can be made here."
    ),
]
# More a month than anybody has: what is above is a slip, and infinity no number of a bill.
MOST = 1e15


def console(
    regions: Annotated[
        list[str] | None, typer.Argument(help="ireland, or eu-west-1.", show_default="all")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Of 127.0.0.1.", show_default="any free one")
    ] = 0,
    token: TokenOption = None,
    stage: StageOption = "",
    where: WhereOption = None,
    state: StateOption = None,
) -> None:
    """Serve a page with the Regions side by side.

    \b
      antipode console ireland sydney --where aws
      antipode console --where aws --port 4080

    Of stacks on AWS, on this machine alone, until it is interrupted. It signs what the page asks
    with your credentials, which stay in this process. A local world serves its own: then this says
    where.
    """
    from antipode_tools.console import command

    run = command.Run(port=port, token=token, stage=stage, where=where, state=state)
    raise typer.Exit(command.console(regions or [], run))


def probe(
    regions: Annotated[
        list[str] | None, typer.Argument(help="ireland, or eu-west-1.", show_default="all")
    ] = None,
    from_: Annotated[
        Origin, typer.Option("--from", help="This machine, or a canary in each Region.")
    ] = Origin.HERE,
    writes: Annotated[int, typer.Option(min=1, help="How many writes in each Region.")] = 30,
    pause: Annotated[
        float,
        typer.Option(min=0, max=60_000, help="Milliseconds between two writes in one Region."),
    ] = 100,
    within: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds after which what was not heard is lost.")
    ] = 30,
    max_p99: Annotated[
        int | None, typer.Option("--max-p99", min=1, help="Fail above so many milliseconds.")
    ] = None,
    max_lost: Annotated[
        int, typer.Option("--max-lost", min=0, help="Fail if more announcements are lost.")
    ] = 0,
    max_doubled: Annotated[
        int, typer.Option("--max-doubled", min=0, help="Fail if more announcements come twice.")
    ] = 0,
    svg: Annotated[Path | None, typer.Option(help="Draw the plot into this file, too.")] = None,
    token: TokenOption = None,
    stage: StageOption = "",
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure who hears of whose writes, and how soon.

    \b
      antipode probe
      antipode probe ireland sydney --writes 300 --svg probe.svg
      antipode probe --where aws --max-p99 2000 --json
      antipode probe --from regions --pause 2000 --writes 9

    Subscribes in every Region, writes in every Region, and shows for each pair of them how long
    announcements took, as this machine sees it, and which were lost, came twice or out of order.
    Writes items of the first model, and deletes them again; subscribers of that model hear of them.
    From the Regions the canary of each writes and listens there, with items of its own model, if
    the stacks have one. Ends with 1 if a limit is exceeded: what is out of order always exceeds it.
    """
    from antipode_tools.operate.probe import command
    from antipode_tools.operate.probe.matrix import Limits

    run = command.Run(
        origin=from_,
        writes=writes,
        pause_s=pause / 1000,
        within_s=within,
        limits=Limits(p99=max_p99, lost=max_lost, doubled=max_doubled),
        svg=svg,
        token=token,
        stage=stage,
        json_output=as_json,
        where=where,
        state=state,
    )
    raise typer.Exit(command.probe(regions or [], run))


def cost(
    writes: Annotated[
        float, typer.Option(min=0, max=MOST, help="Writes a month, in all Regions.")
    ] = 1e6,
    queries: Annotated[
        float, typer.Option(min=0, max=MOST, help="Queries a month, in all Regions.")
    ] = 0,
    subscribers: Annotated[
        float, typer.Option(min=0, max=MOST, help="In each Region; each hears of every change.")
    ] = 10,
    kilobytes: Annotated[float, typer.Option(min=0, max=400, help="What an item holds.")] = 2,
    models: Annotated[int, typer.Option(min=1, help="How many models there are.")] = 1,
    days: Annotated[
        int, typer.Option(min=0, max=63, help="Go by the metrics of so many days instead.")
    ] = 0,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            help="Options that are on: alarms, canary, dashboard, log-changes, mapping-metrics,"
            " sync, kms-key, web-acl, edge.",
        ),
    ] = None,
    prices: Annotated[Path | None, typer.Option(help="A file of prices of your own.")] = None,
    stage: StageOption = "",
    where: Annotated[
        Where | None,
        typer.Option(help="Where it was counted: on AWS, by --days, or in the local world."),
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a month costs, by service and Region.

    \b
      antipode cost --writes 1000000 --subscribers 10 --kilobytes 2
      antipode cost --where aws --days 7 --with alarms --with canary
      antipode cost --where local

    From numbers, from what CloudWatch counted in the Regions' stacks, or from what a local world
    has done since its first request, at that rate for a month. Says what dominates, and what each
    option would add or save. List prices, with the date on which they were looked up.
    """
    from antipode_tools.operate.cost import command
    from antipode_tools.operate.cost.bill import chosen
    from antipode_tools.operate.cost.traffic import Foreseen

    try:
        options = chosen(with_ or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    run = command.Run(
        counts=_counted,
        foreseen=Foreseen(writes, queries, subscribers, kilobytes),
        models=models,
        chosen=options,
        days=days,
        prices=prices,
        stage=stage,
        json_output=as_json,
        where=where,
        state=state,
    )
    raise typer.Exit(command.cost(run))


def _counted(world: WorldFile) -> Mapping[str, Counted]:
    """What a running local world has done."""
    from antipode_tools.operate.stacks.errors import OperationError
    from antipode_tools.world.errors import WorldError
    from antipode_tools.world.order_api import counted

    try:
        return counted(world)
    except WorldError as error:
        raise OperationError(str(error)) from error
