"""What docs/adopting.md and docs/upgrading.md say, held against what is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from antipode_tools.cli.app import app
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from tests.unit.test_readme import template

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / "docs" / name).read_text() for name in ("adopting.md", "upgrading.md")}


def commands(text: str) -> Iterator[str]:
    """Every call of `antipode`, in a block or in a line, as it stands there."""
    yield from re.findall(r"^\$ antipode (.+)$", text, re.MULTILINE)
    yield from re.findall(r"`antipode ([^`]+)`", text)


@pytest.mark.parametrize(
    "words", [words for text in PAGES.values() for words in dict.fromkeys(commands(text))]
)
def test_every_command_that_they_name_is_one_with_these_options(words: str) -> None:
    verb, *rest = shlex.split(words.partition(" > ")[0])
    if verb.startswith("-"):
        assert words == "--version"
        return
    command = get_command(app).commands[verb]  # type: ignore[attr-defined] # a group, since it has many
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def test_a_copy_is_shown_with_the_arguments_that_it_takes() -> None:
    shown = re.findall(r"^\$ antipode backfill (.+)$", PAGES["adopting.md"], re.MULTILINE)
    command = get_command(app).commands["backfill"]  # type: ignore[attr-defined] # as above
    for words in shown:
        context = command.make_context("backfill", shlex.split(words))
        assert (context.params["source"], context.params["from_"]) == ("todos-old", "us-east-1")
    assert len(shown) == 3


@pytest.mark.parametrize(
    ("page", "path", "heading"),
    [
        (name, path or name, heading)
        for name, text in PAGES.items()
        for path, heading in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text)
    ],
)
def test_every_page_they_link_to_exists(page: str, path: str, heading: str) -> None:
    text = (ROOT / "docs" / path).read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    assert not heading or heading in slugs


@pytest.mark.parametrize("rule", re.findall(r"`(\{ allow: [^`]+ \})`", PAGES["adopting.md"]))
def test_a_rule_that_is_shown_is_one(rule: str) -> None:
    model = f"type Todo @model @auth(rules: [{rule}]) {{ id: ID! }}"
    assert compile_models(model, modes=[AuthMode.AMAZON_COGNITO_USER_POOLS]).warnings == ()


def test_every_parameter_that_is_set_there_is_one() -> None:
    named = re.findall(r"`([A-Z][A-Za-z]+)=[\w]+`", PAGES["adopting.md"])
    edge = (ROOT / "edge" / "template.yaml").read_text()
    known = {*template()["Parameters"], *re.findall(r"^  (\w+):$", edge, re.MULTILINE)}
    assert named
    assert set(named) <= known
