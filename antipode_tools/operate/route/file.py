"""Routes from a file such as edge/routes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from antipode_tools.operate.route.problems import problems
from antipode_tools.operate.route.routes import Routes
from antipode_tools.operate.stacks.errors import UsageError

# A parsed TOML table: checked where it is read.
Table = Mapping[str, Any]

_TABLES = ("regions", "default", "continents", "countries")


def read(file: Path) -> Routes:
    """The routes of a file, which never says which Regions are drained.

    Raises:
        UsageError: it cannot be read, or is not valid. The message names everything that is wrong.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    _refuse(file, _misshapen(document))
    routes = Routes(**document)
    _refuse(file, problems(routes))
    return routes


def _refuse(file: Path, found: Iterable[str]) -> None:
    if problems := "".join(f"\n  {each}" for each in found):
        raise UsageError(f"{file} is not valid:{problems}")


def _misshapen(document: Table) -> Iterable[str]:
    for name, table in document.items():
        if name not in _TABLES:
            yield f"there is no table {name}: they are {', '.join(_TABLES)}"
        elif not isinstance(table, dict):
            yield f"{name} is not a table"
        elif name == "regions":
            yield from _values(name, table, str, "a domain name")
        elif name == "default":
            yield from _values(name, table, int, "a whole number")
        else:
            yield from _rules(name, table)


def _rules(name: str, table: Table) -> Iterable[str]:
    for code, weights in table.items():
        if isinstance(weights, dict):
            yield from _values(f"{name}.{code}", weights, int, "a whole number")
        else:
            yield f"{name}.{code} is not a table of Regions and weights"


def _values(name: str, table: Table, kind: type, wanted: str) -> Iterable[str]:
    for key, value in table.items():
        if type(value) is not kind:
            yield f"{name}.{key} is {value!r}, which is not {wanted}"
