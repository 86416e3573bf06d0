"""An answer, as the API gave it and as it is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Json = Any
Path = tuple[str, ...]

UNAUTHORIZED = "Unauthorized"


@dataclass(frozen=True)
class Told:
    """The data of an answer, its lists as objects by what names their members, and where what was
    refused."""

    data: Json
    errors: frozenset[tuple[Path, str]] = frozenset()

    def under(self, name: str) -> Told:
        """As a member of an object."""
        return Told({name: self.data}, frozenset(((name, *path), of) for path, of in self.errors))


NOTHING = Told(None)


def refused(error: str = UNAUTHORIZED) -> Told:
    return Told(None, frozenset({((), error)}))


def together(parts: Iterable[Told]) -> Told:
    """One object of the members of several."""
    told = list(parts)
    data = {name: value for part in told for name, value in part.data.items()}
    return Told(data, frozenset(error for part in told for error in part.errors))


def named(item: Json) -> str:
    """What tells an item of a list from the others: no list promises an order."""
    return f"{item['id']} of {item.get('owner')}"


def read(body: Json) -> Told:
    """What the API answered."""
    errors = body.get("errors") or ()
    found = ((_path(body["data"], error["path"]), error["errorType"]) for error in errors)
    return Told(_by_names(body["data"]), frozenset(found))


def _path(data: Json, path: Iterable[str | int]) -> Path:
    found: list[str] = []
    for each in path:
        data = data[each] if data else None
        found.append(named(data) if isinstance(each, int) else each)
    return tuple(found)


def _by_names(data: Json) -> Json:
    match data:
        case {"items": list(items)}:
            return {"items": {named(item): item for item in items}}
        case dict():
            return {name: _by_names(value) for name, value in data.items()}
        case _:
            return data
