"""Which room may import which, as docs/architecture.md draws them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# By each room, the rooms that it may import besides itself. `antipode` is the functions' layer.
MAY_IMPORT = {
    "src": {"antipode"},
    "localaws": set[str](),
    "antipode_tools.project": set[str](),
    "antipode_tools.schema": {"antipode_tools.project", "antipode"},
    "antipode_tools.operate": {"antipode_tools.project", "antipode"},
    "antipode_tools.world": {"antipode_tools.project", "localaws"},
    "antipode_tools.console": {
        "antipode_tools.project",
        "antipode_tools.operate",
        "antipode_tools.world",
        "localaws",
        "antipode",
    },
    "antipode_tools.cli": {
        "antipode_tools.console",
        "antipode_tools.project",
        "antipode_tools.schema",
        "antipode_tools.operate",
        "antipode_tools.world",
        "localaws",
    },
}
WORLD = "antipode_tools.world"
OUTSIDE = {"antipode", "antipode_tools", "localaws", "tests", "bench", "audit"}


def rooms_imported(code: str) -> Iterator[str]:
    """The rooms, and other folders of this repository, that code imports in whatever place."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom(module="antipode_tools", level=0):
                names = [f"antipode_tools.{alias.name}" for alias in node.names]
            case ast.ImportFrom(module=str(module), level=0):
                names = [module]
            case ast.ImportFrom(level=level) if level > 1:  # it may lead out of the room
                names = ["a relative import"]
            case _:
                continue
        for name in names:
            top, _, rest = name.partition(".")
            if top == "antipode_tools":
                yield f"{top}.{rest.partition('.')[0]}"
            elif top in OUTSIDE or " " in top:
                yield top


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_those_below_it_alone(room: str) -> None:
    files = sorted((ROOT / room.replace(".", "/")).rglob("*.py"))
    assert files
    wrong = {
        str(file.relative_to(ROOT)): others
        for file in files
        if (others := set(rooms_imported(file.read_text("utf-8"))) - MAY_IMPORT[room] - {room})
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("code", "rooms"),
    [
        ("import antipode_tools.world.world", {WORLD}),
        ("from antipode_tools import project, world as w", {"antipode_tools.project", WORLD}),
        ("from antipode_tools.world.errors import WorldError", {WORLD}),
        ("def later():\n    import antipode.relay.task", {"antipode"}),
        ("if TYPE_CHECKING:\n    from tests.fakes import world", {"tests"}),
        ("from ...antipode_tools import world", {"a relative import"}),
        ("import json, localaws.errors", {"localaws"}),
        ("from graphql import parse\nfrom .near import by", set[str]()),
    ],
)
def test_an_import_is_seen_in_whatever_form_and_place(code: str, rooms: set[str]) -> None:
    assert set(rooms_imported(code)) == rooms


def test_every_room_has_its_rule() -> None:
    folders = [path.parent for path in (ROOT / "antipode_tools").glob("*/__init__.py")]
    rooms = {f"antipode_tools.{folder.name}" for folder in folders}
    assert rooms == {room for room in MAY_IMPORT if room.startswith("antipode_tools.")}
