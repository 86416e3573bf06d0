"""What every page says that can be looked up: links, and the commands that readers copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from antipode_tools.cli.app import app

ROOT = Path(__file__).parents[2]
# Folders at the top that are no part of the project: environments and what is built.
PAGES = [
    *ROOT.glob("*.md"),
    *(
        page
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for page in folder.rglob("*.md")
        if "node_modules" not in page.parts
    ),
]
# `antipode ping` is what CONTRIBUTING.md's recipe would make.
INVENTED = {"ping"}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> Iterator[str]:
    """What GitHub makes of a page's headings."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        yield re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The file of each link inside the project, and the heading that it leads to."""
    for one, other in re.findall(r'\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"', page.read_text()):
        link = one or other
        if not re.match(r"\w+:", link):
            path, _, anchor = link.partition("#")
            yield (page.parent / path if path else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = [
        f"{file}#{anchor}"
        for file, anchor in links(page)
        if not file.exists() or (anchor and anchor not in set(anchors(file)))
    ]
    assert dead == []


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each `antipode COMMAND` in a text, and what follows it on its line."""
    joined = text.replace("\\\n", " ")
    yield from re.findall(
        r"(?:`|\$ |&& |^ +|\()antipode ([a-z]+)((?: [^`\n&|#;]*)?)", joined, re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_has_the_options_that_are_shown(page: Path) -> None:
    known = get_command(app).commands  # type: ignore[attr-defined] # a group, since it has many
    unknown = []
    for verb, rest in commands(page.read_text()):
        if verb in INVENTED:
            continue
        command = known.get(verb)
        if within := getattr(command, "commands", None):
            command = within.get(rest.split()[0]) if rest.split() else command
        if command is None:
            unknown.append(f"antipode {verb}{rest}")
            continue
        options = {option for each in command.params for option in each.opts} | {"--help"}
        unknown += [
            f"antipode {verb} {option}"
            for option in re.findall(r"(?<!\S)--[a-z][a-z0-9-]*", rest)
            if option not in options
        ]
    assert unknown == []
