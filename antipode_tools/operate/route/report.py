"""What a command found and did, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from antipode_tools.operate.route.changes import Changes, between
from antipode_tools.operate.route.keys import described
from antipode_tools.operate.route.routes import Routes, Weights
from antipode_tools.operate.wording import counted

# A JSON document.
Json = dict[str, Any]

NO_ROUTES = "there are no routes: the first Region of the edge's stack serves everybody"
ALL_DRAINED = "every Region is drained: viewers are served as if none were, and each is logged"


class Report(Protocol):
    """A report."""

    def as_text(self) -> str:
        """For people."""

    def as_json(self) -> Json:
        """For programs."""


@dataclass(frozen=True)
class Shown:
    """The current routes."""

    stack: str
    routes: Routes

    def as_text(self) -> str:
        return "\n".join([self.stack, *_lines(self.routes), *_warnings(self.routes)])

    def as_json(self) -> Json:
        return {"stack": self.stack, **_document(self.routes)}


@dataclass(frozen=True)
class Changed:
    """What was written, or would be.

    Args:
        routes: the routes afterwards.
        before: the keys that the store held, with their values.
        after: the keys that it holds then.
    """

    stack: str
    routes: Routes
    before: Mapping[str, str]
    after: Mapping[str, str]
    changes: Changes
    dry_run: bool

    def as_text(self) -> str:
        lines = [
            f"{self.stack}{', dry run' if self.dry_run else ''}",
            *_differences(described(self.before), described(self.after)),
            self._end(),
        ]
        return "\n".join([*lines, *_warnings(self.routes)])

    def as_json(self) -> Json:
        return {
            "stack": self.stack,
            "dry_run": self.dry_run,
            "put": dict(self.changes.puts),
            "deleted": list(self.changes.deletes),
            **_document(self.routes),
        }

    def _end(self) -> str:
        if not self.changes:
            return "nothing to change"
        keys = counted(len(self.changes), "key")
        if self.dry_run:
            return f"{keys} would be written"
        return f"{keys} written; CloudFront has them everywhere within seconds"


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    changes = between(before, after)
    for key, value in changes.puts.items():
        yield f"  ~ {key} {before[key]} -> {value}" if key in before else f"  + {key} {value}"
    yield from (f"  - {key} {before[key]}" for key in changes.deletes)


def _lines(routes: Routes) -> list[str]:
    regions = [
        f"  {name:<16} {domain}{'   drained' if name in routes.drained else ''}"
        for name, domain in routes.regions.items()
    ]
    return [*regions, *(_rule(key, weights) for key, weights in routes.rules.items() if weights)]


def _rule(key: str, weights: Weights) -> str:
    return f"  {key:<16} {', '.join(f'{name} {weight}' for name, weight in weights.items())}"


def _warnings(routes: Routes) -> list[str]:
    if not routes.regions:
        return [NO_ROUTES]
    return [] if routes.open else [ALL_DRAINED]


def _document(routes: Routes) -> Json:
    return {
        "regions": dict(routes.regions),
        "drained": list(routes.drained),
        "rules": {key: dict(weights) for key, weights in routes.rules.items() if weights},
    }
