"""What a command says beside its result, and what it ends with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from antipode_tools.operate.stacks.errors import ExitCode


@contextmanager
def ending(left: str = "nothing is left running") -> Iterator[None]:
    """Says what goes wrong with a world in the block, and ends the command with its exit code.

    Args:
        left: what there is after an interruption.
    """
    from antipode_tools.project.sample import NothingToTryError
    from antipode_tools.world.errors import WorldError

    try:
        yield
    except (WorldError, NothingToTryError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        note(f"interrupted; {left}")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def fail(message: str) -> NoReturn:
    """Ends the command as failed."""
    typer.secho(f"✖ {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(ExitCode.FAILED)


def note(message: str) -> None:
    """Says something that is not the result."""
    typer.echo(message, err=True)


def confirm(question: str) -> bool:
    """Asks; where nobody answers, as in a pipeline or after Ctrl-C, that is a no."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False
