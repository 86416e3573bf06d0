"""What docs/deploying.md says, held against what is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from antipode_tools.cli.app import app
from antipode_tools.operate.deployment.change_set import Action, Change, ChangeSet

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploying.md").read_text()


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"`antipode (\w+)", PAGE))))
def test_every_command_it_names_exists(verb: str) -> None:
    assert verb in get_command(app).commands  # type: ignore[attr-defined] # a group, since it has many


def test_the_change_sets_that_it_shows_are_as_they_are_shown() -> None:
    shown = re.findall(r"^(\w+): (\d changes.+)\n((?:  [+~-] .+\n)+)", PAGE, re.MULTILINE)
    assert [name for name, _, _ in shown] == ["ireland", "sydney"]
    signs = {action.sign: action for action in (Action.ADD, Action.REMOVE, Action.MODIFY)}
    for _, summary, lines in shown:
        found = re.findall(r"  (.) (\w+) \((.+)\)\n", lines)
        changes = [Change(signs[sign], name, kind) for sign, name, kind in found]
        assert ChangeSet("", changes).summary() == summary
        assert "".join(f"  {change}\n" for change in changes) == lines


@pytest.mark.parametrize(
    ("path", "heading"), re.findall(r"\]\(([\w./-]+\.md)(?:#([\w-]+))?\)", PAGE)
)
def test_every_page_it_links_to_exists(path: str, heading: str) -> None:
    text = (ROOT / "docs" / path).read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    assert not heading or heading in slugs
