"""`antipode init` in a project without models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from antipode_tools.schema.command import MODELS, OWN, TEMPLATE, schema
from antipode_tools.schema.starting import init
from antipode_tools.schema.template import listed
from localaws.appsync.javascript.checks import check

# The fixture of a project.
from tests.unit.antipode_tools.schema.test_command import project

__all__ = ["project"]

OPERATION = f"{OWN}/Mutation.finishTodo.js"


def faults(code: str) -> Iterator[tuple[int, str]]:
    for error in check(code):
        yield error.location.line, error.value


def test_what_it_writes_is_generated_from_and_whole(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).unlink()

    assert init(project, faults=faults) == 0

    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"{MODELS} is written"
    assert said.count(f"{OPERATION} is written") == 1
    assert said[-1] == "next: make up"
    assert listed((project / TEMPLATE).read_text()) == {"Todo"}
    assert "function updateItem(" in (project / OPERATION).read_text()
    assert schema(project, check=True, faults=faults) == 0


@pytest.mark.parametrize("there", [MODELS, OPERATION])
def test_it_writes_over_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], there: str
) -> None:
    (project / MODELS).unlink()
    (project / there).parent.mkdir(exist_ok=True)
    (project / there).write_text("mine")
    before = (project / TEMPLATE).read_text()

    assert init(project) == 1

    assert capsys.readouterr().err == (
        f"✖ {there} is there already, and init writes over nothing: change it and run antipode "
        "schema, or remove it first\n"
    )
    assert (project / there).read_text() == "mine"
    assert (project / TEMPLATE).read_text() == before
    assert [each for each in (MODELS, OPERATION) if (project / each).exists()] == [there]
