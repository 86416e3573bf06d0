"""`antipode drill`: break a running world on purpose, and see whether the promise holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antipode_tools.cli.distance import running
from antipode_tools.cli.messages import ending, fail, note
from antipode_tools.cli.options import JsonOption, StateOption
from antipode_tools.cli.world_config import config_of
from antipode_tools.operate.stacks.errors import ExitCode

if TYPE_CHECKING:
    from antipode_tools.world.drills.report import Report


def drill(
    name: Annotated[str, typer.Argument(help="Of a drill; none lists them.")] = "",
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="How long clients write.")] = 20,
    report: Annotated[
        Path | None,
        typer.Option(
            help="The folder of the report.", show_default="drills, in the world's folder"
        ),
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Break the running world on purpose, and judge what came.

    \b
      antipode drill
      antipode drill region-loss
      antipode drill split --seconds 60 --report /tmp/split

    Clients write and listen in every Region; something breaks and is mended. Ends with 1 if the
    promise did not hold. The world is healed at the end, and if this is interrupted.
    """
    import asyncio

    from antipode_tools.world.drills.running import alone, check, run
    from antipode_tools.world.drills.scenarios import scenarios
    from antipode_tools.world.drills.web import installed

    if not name:
        for each, scenario in scenarios("A", "B").items():
            typer.echo(f"{each:<18}{scenario.shows}")
        return
    if name not in scenarios("A", "B"):
        raise typer.BadParameter(
            f"there is no drill {name}; there are {', '.join(scenarios('A', 'B'))}"
        )
    world, config = running(state), config_of(state=state)
    with ending("the world runs on, healed"):
        regions = [region.name for region in world.regions.values()]
        scenario = scenarios(regions[0], regions[-1])[name]
        check(world, scenario)
        with alone(config.state):
            came = asyncio.run(run(name, scenario, world, seconds, note, node=installed()))
    if as_json:
        typer.echo(json.dumps(came.as_json(), indent=2))
    else:
        for finding in came.findings:
            typer.echo(f"{'✔' if finding.held else '✖'} {finding.promise}: {finding.counted}")
    leave(came, report or config.state / "drills")
    if not came.held:
        raise typer.Exit(ExitCode.FAILED)


def leave(came: Report, folder: Path) -> None:
    """Write the report, or end the command with 1 where it cannot be, as on a full disk."""
    try:
        note(f"report: {came.write(folder)}")
    except OSError as error:
        fail(f"the report cannot be written: {error}")
