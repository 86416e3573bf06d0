"""What is asked before something is changed."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from antipode_tools.cli.messages import confirm


@pytest.mark.parametrize(("typed", "said"), [("y\n", "True"), ("n\n", "False"), ("", "False")])
def test_nobody_there_to_answer_is_a_no(typed: str, said: str) -> None:
    app = typer.Typer()

    @app.command()
    def ask() -> None:
        typer.echo(confirm("Copy?"))

    result = CliRunner().invoke(app, input=typed)
    assert (result.exit_code, result.stdout.split()[-1]) == (0, said)
