"""Local Regions far, broken and whole again: lag, cut, heal, lose, recover, throttle, fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from antipode_tools.cli.messages import ending, note
from antipode_tools.cli.options import JsonOption, RegionArgument, StateOption
from antipode_tools.cli.world_config import config_of
from antipode_tools.operate.stacks.errors import ExitCode

if TYPE_CHECKING:
    from antipode_tools.project.world_file import WorldFile
    from antipode_tools.world.orders import Order

Parsed = TypeVar("Parsed")

OtherArgument = Annotated[str, typer.Argument(help="The other Region.")]


def lag(
    region: RegionArgument,
    other: OtherArgument,
    time: Annotated[str, typer.Argument(help="800ms, 1.5s, 2min.")],
    one_way: Annotated[
        bool, typer.Option("--one-way", help="From the first to the other alone.")
    ] = False,
    jitter: Annotated[str, typer.Option(help="By how much more or less, at most.")] = "0ms",
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delay replication between two local Regions.

    \b
      antipode lag ireland sydney 800ms
      antipode lag ireland sydney 2s --one-way --jitter 500ms

    It counts from the next write on. antipode heal ireland sydney ends it.
    """
    from antipode_tools.project.quantities import seconds

    lag_s, jitter_s = _parsed(seconds, time), _parsed(seconds, jitter)
    _give(state, as_json, "lag", region, other, lag_s=lag_s, jitter_s=jitter_s, one_way=one_way)


def cut(
    region: RegionArgument,
    other: OtherArgument,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cut two local Regions off from each other.

    Nothing is replicated between them: writes wait, and the last one of each item arrives once
    antipode heal has ended it.
    """
    _give(state, as_json, "cut", region, other)


def heal(
    regions: Annotated[
        list[str] | None, typer.Argument(help="Two Regions; none for everything.")
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """End what was done between two local Regions, or everywhere.

    \b
      antipode heal ireland sydney
      antipode heal

    Without Regions it ends cuts, lags, losses, throttles and failures.
    """
    _give(state, as_json, "heal", *(regions or ()))


def lose(
    region: RegionArgument,
    silent: Annotated[
        bool, typer.Option("--silent", help="It does not refuse: it never answers.")
    ] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lose a local Region, as if it were gone.

    Its API, its sockets, its /health, its relay and its control plane are dark, and nothing is
    replicated from it or to it. antipode recover brings it back as it was.
    """
    _give(state, as_json, "lose", region, silent=silent)


def recover(region: RegionArgument, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Bring a lost local Region back. What waited for it is replicated and announced."""
    _give(state, as_json, "recover", region)


def throttle(
    region: RegionArgument,
    rate: Annotated[str, typer.Argument(help="Requests a second: 50/s; or off.")],
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Limit how many requests a second a local Region's API takes.

    The relay's are among them. Others are answered 429, as by AppSync where a quota is used up.
    """
    from antipode_tools.project.quantities import rate as parse

    _give(state, as_json, "throttle", region, a_second=_parsed(parse, rate))


def fail_(
    region: RegionArgument,
    share: Annotated[str, typer.Argument(help="Of all requests: 10%; 0% ends it.")],
    silent: Annotated[
        bool, typer.Option("--silent", help="They get no answer, instead of a 500.")
    ] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have a share of the requests to a local Region's API fail.

    The relay's are among them.
    """
    from antipode_tools.project.quantities import share as parse

    _give(state, as_json, "fail", region, share=_parsed(parse, share), silent=silent)


def running(state: StateOption) -> WorldFile:
    """The world that runs; ends the command with 3 if there is none."""
    from antipode_tools.world import control

    with ending():
        found = control.find(config_of(state=state))
    if found.world is None:
        note(f"{found.life}: start it with make up")
        raise typer.Exit(ExitCode.NOT_RUNNING)
    return found.world


def _parsed(parse: Callable[[str], Parsed], text: str) -> Parsed:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _give(state: StateOption, as_json: bool, do: str, *regions: str, **details: object) -> None:
    from antipode_tools.world.orders import Order

    give(running(state), Order(do, regions, **details), as_json=as_json)  # type: ignore[arg-type]  # the commands' own


def give(world: WorldFile, order: Order, *, as_json: bool) -> None:
    """Give an order to a world, and say what came of it.

    Raises:
        typer.BadParameter: no world could follow it.
    """
    from antipode_tools.project.conditions import ConditionError
    from antipode_tools.world.order_api import ask

    try:
        with ending():
            done = ask(world, order)
    except ConditionError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        typer.echo(json.dumps(done.conditions.as_json(), indent=2))
        return
    note(done.said)
    names = {code: region.name for code, region in world.regions.items()}
    typer.echo("\n".join(done.conditions.lines(names)) or "everything is as usual")
