"""The events of events/, with which a function can be invoked alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .reading import Node

ROOT = Path(__file__).parents[2]
PAGES = {
    page.name: page.read_text() for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
}
# What is given on the command line stands after the event.
INVOCATIONS = sorted(
    {
        found.groups()
        for text in PAGES.values()
        for found in re.finditer(
            r"sam local invoke (\w+) --event (events/[\w-]+\.json)"
            r"(?: --parameter-overrides ((?:\w+=[\w.-]+ ?)+))?",
            text,
        )
    }
)


def test_every_function_has_a_command_that_invokes_it(template: Node) -> None:
    functions = {
        name
        for name, resource in template["Resources"].items()
        if not name.startswith("Fn::") and resource["Type"] == "AWS::Serverless::Function"
    }
    assert {function for function, _, _ in INVOCATIONS} == functions


@pytest.mark.parametrize(("function", "event", "parameters"), INVOCATIONS)
def test_a_command_names_an_event_that_is_there(
    root: Path, function: str, event: str, parameters: str | None
) -> None:
    assert isinstance(json.loads((root / event).read_text()), dict)
    template = (root / "template.yaml").read_text()
    for pair in (parameters or "").split():
        assert f"\n  {pair.partition('=')[0]}:\n" in template
