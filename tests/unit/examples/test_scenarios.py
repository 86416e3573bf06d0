"""The scenarios that every client of ours passes: tests/scenarios/copy.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from antipode_tools.project.config import project_root
from examples.client.mirror import Ask, Item, Mirror, Query, RegionChanged

# A scenario, a step.
Json = Any

_READ = json.loads((project_root() / "tests" / "scenarios" / "copy.json").read_text())


def query(told: Json) -> Query:
    """What the scenario asks, as the example client has it."""
    return Query(
        model=told["changes"][0].removeprefix("onCreate"),
        list=told["list"],
        select=told["select"],
        asked={name: asked["eq"] for name, asked in told.get("filter", {}).items()},
        key=told.get("key", ["id"]),
        optional=told.get("optional", []),
        sync=told.get("sync"),
    )


class Run:
    """A copy, and what it asked for last."""

    def __init__(self, asked: Query) -> None:
        self.mirror = Mirror(asked)
        self.ask: Ask | None = None
        self.wanted: Mapping[Any, int] = {}

    def step(self, kind: str, value: Json) -> None:
        match kind:
            case "connected":
                self.mirror = Mirror(self.mirror.query, self.mirror)
            case "lost":
                self.mirror.live = False
            case "subscribed":
                self.ask = self.mirror.subscribed()
            case "expired":
                self.ask = self.mirror.expired()
            case "page":
                assert self.ask
                self.ask = self.mirror.page(self.ask, {"startedAt": None, **value})
            case "heard":
                self.mirror.heard(value)
            case "got":
                self.mirror.got(self.wanted, value)
            case "begins":
                self.step("connected", value)
                self.step("subscribed", value)
                self.step("page", {"items": value, "nextToken": None})
            case _:
                raise AssertionError(kind)


@pytest.mark.parametrize("scenario", _READ["scenarios"], ids=lambda scenario: scenario["name"])
def test_the_example_client_passes(scenario: Json) -> None:
    run = Run(query(_READ["queries"][scenario["query"]]))
    for step in scenario["steps"]:
        [kind] = set(step) - {"asks", "wants", "again", "live"}
        if kind == "shows":
            assert [*run.mirror.items.values()] == step["shows"]
            assert run.mirror.live == step["live"]
            continue
        if step.get("again"):
            shown: Mapping[Any, Item] = run.mirror.items
            with pytest.raises(RegionChanged):
                run.step(kind, step[kind])
            run.mirror = Mirror(run.mirror.query)
            run.mirror.items = shown  # an application goes on showing what it had
            continue
        run.step(kind, step[kind])
        if asks := step.get("asks"):
            last_sync = asks.get("lastSync", run.ask and run.ask.last_sync)
            assert run.ask == Ask(asks["what"], asks["nextToken"], last_sync)
        if "wants" in step:
            run.wanted = run.mirror.wants
            assert [[key] for key in run.wanted] == step["wants"]
