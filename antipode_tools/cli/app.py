"""The `antipode` command: its groups, each a module of this folder.

Everything heavy is imported by the command that needs it, so that --help comes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from antipode_tools.cli import deployment, development, distance, local, operation, watching
from antipode_tools.cli.backfill import backfill
from antipode_tools.cli.drill import drill
from antipode_tools.cli.groups import Grouped
from antipode_tools.cli.options import SETTINGS
from antipode_tools.cli.route import route

_HELP = """One GraphQL API, live in every AWS Region: here, all of them on one machine.

\b
  antipode demo              see a change made in Sydney arrive in Ireland
  antipode up                start the Regions of samconfig.toml and leave them running
  antipode status --json     their addresses and keys, for scripts
  antipode down              end them

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running, 130 interrupted.

Several worlds can run side by side, each on ports (--port, ANTIPODE_PORT) and with files
(--state, ANTIPODE_STATE) of its own.
"""

app = typer.Typer(
    help=_HELP,
    cls=Grouped,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=SETTINGS,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"antipode {version('antipode')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """What stands before a command."""


_GROUPS: dict[str, list[Callable[..., None]]] = {
    "On this machine": [local.up, local.down, local.status, local.demo],
    "Far, broken and whole again": [
        distance.lag,
        distance.cut,
        distance.heal,
        distance.lose,
        distance.recover,
        distance.throttle,
        distance.fail_,
        drill,
    ],
    "The project": [
        development.init,
        development.schema,
        development.evaluate,
        development.token,
        development.outputs,
    ],
    "Deploying": [
        deployment.doctor,
        deployment.deploy,
        deployment.adopt,
        deployment.import_,
        backfill,
        deployment.cleanup,
    ],
    "Operating": [
        watching.console,
        watching.probe,
        watching.cost,
        operation.redrive,
        operation.drain,
        operation.undrain,
        operation.failover,
    ],
}

for _heading, _commands in _GROUPS.items():
    for _command in _commands:
        app.command(_command.__name__.rstrip("_"), rich_help_panel=_heading)(_command)
app.add_typer(route, name="route", rich_help_panel="Operating")


def main() -> None:
    """The console script."""
    app(prog_name="antipode")


if __name__ == "__main__":
    main()
