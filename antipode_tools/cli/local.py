"""The local world: up, down, status, demo."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from antipode_tools.cli.messages import ending, note
from antipode_tools.cli.options import JsonOption, PortOption, RegionsOption, StateOption, TlsOption
from antipode_tools.cli.world_config import config_of
from antipode_tools.operate.stacks.errors import ExitCode

if TYPE_CHECKING:
    from antipode_tools.project.config import WorldConfig
    from antipode_tools.project.local_world import Found
    from antipode_tools.project.world_file import WorldFile
    from antipode_tools.world.deployment.update import Update


def up(
    port: PortOption = None,
    regions: RegionsOption = "",
    state: StateOption = None,
    tls: TlsOption = False,
) -> None:
    """Start the Regions on this machine, or update them.

    \b
      antipode up
      antipode up --port 5000 --state /tmp/second
      antipode up --regions staging,sydney

    Builds the project with the real SAM CLI, deploys it to an AWS emulator once a Region, and
    serves each Region's AppSync API until antipode down.

    A running world is updated to the project as it is now: template.yaml, graphql/, src/ and the
    Regions in samconfig.toml. Items and addresses stay. Other Regions, other ports and changes that
    a table does not allow need antipode down && antipode up.
    """
    from antipode_tools.world import control

    config = config_of(port, regions, state, tls=tls)
    if not regions:
        _note_left_out(config)
    with ending():
        found = control.find(config)
        if found.world is None:
            if found.remains:
                note("a killed world left files behind; they are removed")
            world = _start(config)
            _show(world)
            _note_development(config, world)
            return
    with ending("the running world finishes by itself"):
        running = control.running(config, found.world, ports=bool(port), regions=bool(regions))
        note(str(_update(running, found) or "already running"))
        if new := [each.name for each in config.regions if each not in running.regions]:
            note(f"{', '.join(new)} left out: antipode down && antipode up adds Regions")
        _show(control.find(running).world or found.world)


def down(state: StateOption = None) -> None:
    """End the local world. Nothing is kept.

    Ends with 3 if no world is running.
    """
    from antipode_tools.world import control

    with ending("run antipode down again to end the rest"):
        ended = control.stop(config_of(state=state))
    note(ended)
    if ended is not control.Ended.WORLD:
        raise typer.Exit(ExitCode.NOT_RUNNING)


def status(state: StateOption = None, as_json: JsonOption = False) -> None:
    """Show each Region's addresses and credentials.

    \b
      antipode status --json | jq -r '.regions["eu-west-1"].graphql_url'

    Ends with 3 if no world is running, or if it is still starting.
    """
    from antipode_tools.project.local_world import Life
    from antipode_tools.world import control

    with ending():
        found = control.find(config_of(state=state))
    if found.world is None:
        note(f"{found.life}: start it with make up" if found.life is Life.ABSENT else found.life)
        if found.remains:
            note("a killed world left files behind; antipode down removes them")
        raise typer.Exit(ExitCode.NOT_RUNNING)
    if as_json:
        typer.echo(json.dumps(found.world.as_json(), indent=2))
        return
    with ending():
        _show(found.world)


def demo(port: PortOption = None, regions: RegionsOption = "", state: StateOption = None) -> None:
    """Write in one Region, and show it arrive in every Region.

    Subscribes with ordinary AppSync clients, then creates, changes and deletes an item in the
    last Region. Uses the running world, or starts one and ends it afterwards.
    """
    import asyncio

    from antipode_tools.world import control
    from antipode_tools.world.clients import demo as demonstration

    config = config_of(port, regions, state)
    with ending():
        running = control.find(config).world
    with ending("the world runs on" if running else "nothing is left running"):
        world = running or _start(config)
        try:
            asyncio.run(demonstration.run(world, typer.echo))
        finally:
            if running is None:
                control.stop(config)


def _note_left_out(config: WorldConfig) -> None:
    from antipode_tools.cli.up_notes import left_out
    from antipode_tools.project.regions import read_regions

    for line in left_out(config.regions, read_regions(config.samconfig).values()):
        note(line)


def _note_development(config: WorldConfig, world: WorldFile) -> None:
    """Say what the local world has otherwise than the same stacks on AWS."""
    from antipode_tools.cli.up_notes import introspection, stand_ins

    for line in (*introspection(config.regions), *stand_ins(world)):
        note(line)


def _start(config: WorldConfig) -> WorldFile:
    from antipode_tools.cli.display import progress
    from antipode_tools.world import control

    with progress() as report:
        return control.start(config, report)


def _update(config: WorldConfig, found: Found) -> Update | None:
    from antipode_tools.cli.display import progress
    from antipode_tools.world import control

    with progress() as report:
        return control.update(config, found, report)


def _show(world: WorldFile) -> None:
    from antipode_tools.cli.display import way_to, world_table
    from antipode_tools.project.sample import greeting
    from antipode_tools.world.clients.credentials import for_curl
    from antipode_tools.world.clients.deployed_schema import deployed_schema

    last = list(world.regions.values())[-1]
    body = json.dumps({"query": greeting(deployed_schema(world), last.tables)})
    typer.echo(world_table(world))
    typer.echo(f"\nengine {world.engine_url}   logs {world.logs}")
    if world.console:
        typer.echo(f"console {world.console.address}")
    named = os.environ.get("ANTIPODE_STATE")
    if export := way_to(world, known=config_of(state=Path(named) if named else None).state):
        typer.echo(f"\nFor other commands to find it:\n  {export}")
    typer.echo(f"\nWrite in {last.name}:")
    typer.echo(f"  curl -s {last.graphql_url} {for_curl(last)} -d {shlex.quote(body)}")
    typer.echo("\nSee it arrive everywhere: make demo      End it all: make down")
