"""The routes at the edge: route show, set, drain, undrain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antipode_tools.cli.options import SETTINGS, DryRunOption, JsonOption, RegionArgument

route = typer.Typer(
    help="""Show or change which Region the edge takes a viewer to.

\b
  antipode route show
  antipode route set edge/routes.toml --dry-run
  antipode route drain ireland
  antipode route undrain ireland

Within seconds, without a deployment, for a system with the CloudFront distribution of
edge/template.yaml. docs/routing.md says more.
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
    file: Annotated[Path, typer.Argument(help="As edge/routes.toml.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the routes those of a file; what is drained stays drained.

    Refuses a file that names a Region, a country or a continent that is not there.
    """
    from antipode_tools.operate.route import command

    raise typer.Exit(command.set_(file, command.Run(dry_run=dry_run, json_output=as_json)))


@route.command("drain")
def route_drain(
    region: RegionArgument,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Pass a Region over for every viewer that asks from now on.

    Sockets that are open stay where they are until they end.
    """
    from antipode_tools.operate.route import command

    run = command.Run(dry_run=dry_run, json_output=as_json)
    raise typer.Exit(command.drain(region, run, drained=True))


@route.command("undrain")
def route_undrain(
    region: RegionArgument, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Let a drained Region serve viewers again."""
    from antipode_tools.operate.route import command

    run = command.Run(dry_run=dry_run, json_output=as_json)
    raise typer.Exit(command.drain(region, run, drained=False))
