"""The routes at the edge: route show, set, drain, undrain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antipode_tools.cli.options import SETTINGS, DryRunOption, JsonOption, RegionArgument

route = typer.Typer(
    help="""Show or change which Region the edge sends a viewer to.

\b
  antipode route show
  antipode route set edge/routes.toml --dry-run
  antipode route drain ireland
  antipode route undrain ireland

Takes effect within seconds, without a deployment, in a system with the CloudFront distribution
of edge/template.yaml. See docs/routing.md.
""",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=SETTINGS,
)


@route.command("show")
def route_show(as_json: JsonOption = False) -> None:
    """Show the routes, and which Regions are drained."""
    from antipode_tools.operate.route import command

    raise typer.Exit(command.show(command.Run(json_output=as_json)))


@route.command("set")
def route_set(
    file: Annotated[Path, typer.Argument(help="A file like edge/routes.toml.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Set the routes from a file; drained Regions stay drained.

    Refuses a file that names an unknown Region, country or continent.
    """
    from antipode_tools.operate.route import command

    raise typer.Exit(command.set_(file, command.Run(dry_run=dry_run, json_output=as_json)))


@route.command("drain")
def route_drain(
    region: RegionArgument,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Stop sending new viewers to a Region.

    Open connections stay until they end.
    """
    from antipode_tools.operate.route import command

    run = command.Run(dry_run=dry_run, json_output=as_json)
    raise typer.Exit(command.drain(region, run, drained=True))


@route.command("undrain")
def route_undrain(
    region: RegionArgument, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Send viewers to a drained Region again."""
    from antipode_tools.operate.route import command

    run = command.Run(dry_run=dry_run, json_output=as_json)
    raise typer.Exit(command.drain(region, run, drained=False))
