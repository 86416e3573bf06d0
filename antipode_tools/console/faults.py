"""What one can do to a local world: distance, cuts, losses, and drills."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from antipode_tools.console.server import Deed
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.operate.stacks.target import running
from antipode_tools.project.conditions import ConditionError
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.drills.running import alone, check, run
from antipode_tools.world.drills.scenarios import scenarios
from antipode_tools.world.drills.web import installed
from antipode_tools.world.errors import WorldError
from antipode_tools.world.order_api import ask, waiting_since
from antipode_tools.world.orders import Order

# JSON.
Json = Any
Told = TypeVar("Told")

_MOST_LINES = 200
_SECONDS = (1, 600)


def of_world(world: WorldConfig, made: dict[str, str]) -> Mapping[str, Deed]:
    """Everything about a running world.

    Args:
        made: gets the last drill's report, as a page by its path.
    """
    drills = _Drills(world, made)

    async def conditions(_: Json) -> Json:
        """What is in force."""
        return await _given(world, None)

    async def order(given: Json) -> Json:
        """Have an order in force."""
        try:
            return await _given(world, Order.from_json(given))
        except ConditionError as error:
            raise UsageError(str(error)) from error

    async def waiting(_: Json) -> Json:
        """Milliseconds for which each Region's oldest change has waited for its relay."""
        since = await _of_world(waiting_since, running(world))
        return {code: None if at is None else _since(at) for code, at in since.items()}

    async def drill(given: Json) -> Json:
        """Start a drill."""
        return drills.start(given["name"], given["seconds"])

    async def drilled(_: Json) -> Json:
        """The drills that there are, how the last one goes, and what came of it."""
        return drills.told

    return {
        "conditions": conditions,
        "order": order,
        "waiting": waiting,
        "drill": drill,
        "drilled": drilled,
    }


async def _given(world: WorldConfig, order: Order | None) -> Json:
    done = await _of_world(partial(ask, order=order), running(world))
    return {"said": done.said, "conditions": done.conditions.as_json()}


async def _of_world(look: Callable[[WorldFile], Told], world: WorldFile) -> Told:
    """What a running world tells."""
    try:
        return await asyncio.to_thread(look, world)
    except WorldError as error:
        raise OperationError(str(error)) from error


def _since(moment: float) -> int:
    return max(0, round((time.time() - moment) * 1000))


@dataclass
class _Drills:
    """One drill at a time."""

    world: WorldConfig
    made: dict[str, str]
    name: str = ""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_LINES))
    problem: str = ""
    report: Json = None
    task: asyncio.Task[None] | None = None

    @property
    def told(self) -> Json:
        return {
            "drills": {name: each.shows for name, each in scenarios("A", "B").items()},
            "name": self.name,
            "runs": self.task is not None and not self.task.done(),
            "lines": [*self.lines],
            "problem": self.problem,
            "report": self.report,
        }

    def start(self, name: str, seconds: float) -> Json:
        """Raises UsageError where this is no drill, or one runs."""
        if name not in scenarios("A", "B"):
            raise UsageError(f"there is no drill {name}")
        if not _SECONDS[0] <= seconds <= _SECONDS[1]:
            raise UsageError(f"a drill takes {_SECONDS[0]} to {_SECONDS[1]} seconds")
        if self.task and not self.task.done():
            raise UsageError(f"the drill {self.name} runs")
        self.name, self.problem, self.report = name, "", None
        self.lines.clear()
        self.task = asyncio.create_task(self._run(name, seconds))
        return self.told

    async def _run(self, name: str, seconds: float) -> None:
        try:
            found = running(self.world)
            regions = [region.name for region in found.regions.values()]
            scenario = scenarios(regions[0], regions[-1])[name]
            check(found, scenario)
            node = await asyncio.to_thread(installed)
            with alone(self.world.state):
                came = await run(name, scenario, found, seconds, self.lines.append, node=node)
            file = await asyncio.to_thread(came.write, self.world.state / "drills")
            page = f"/{secrets.token_urlsafe(24)}/{name}.html"
            self.made.clear()
            self.made[page] = came.as_html()
            self.report = {**came.as_json(), "page": page, "file": str(file)}
        except (WorldError, OperationError, ConditionError, OSError) as error:
            self.problem = str(error)
        except ExceptionGroup as errors:
            self.problem = "; ".join(str(each) for each in errors.exceptions)
