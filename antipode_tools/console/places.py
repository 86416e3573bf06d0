"""The Regions that a console shows, and how each is reached."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from botocore.config import Config

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.operate.stacks.target import Target

# A Region's schema may change at any time, and so may a key. On AWS each look is some calls.
KEEP_S = 30.0
_WITHIN_S = 10.0
_IMPATIENT = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 1})


def impatient(target: Target) -> Target:
    """The same stack for whoever looks often: a Region that never answers holds nobody up."""
    config = target.arguments.get("config", Config()).merge(_IMPATIENT)
    return replace(target, arguments={**target.arguments, "config": config})


@dataclass
class Place:
    """One Region.

    Args:
        name: its environment in samconfig.toml (ireland).
        code: the Region itself (eu-west-1).
        stack: looks for its stack. It may block, as may `reach`.
        reach: looks for the API of a stack, and how to sign in there.
        keep_s: for so long what was found is taken to be as it was.
    """

    name: str
    code: str
    stack: Callable[[], Target]
    reach: Callable[[Target], Endpoint]
    keep_s: float = KEEP_S
    clock: Callable[[], float] = time.monotonic
    _found: tuple[float, Endpoint] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def endpoint(self) -> Endpoint:
        """Its API as it was found lately; while the Region is lost, as it was found last.

        Raises:
            OperationError: it was never found.
        """
        async with self._looking:
            if self._found and self.clock() - self._found[0] < self.keep_s:
                return self._found[1]
            try:
                async with asyncio.timeout(_WITHIN_S):
                    self._found = self.clock(), await asyncio.to_thread(self._look)
            except TimeoutError:
                return self._last(OperationError(f"{self.name} does not answer"))
            except OperationError as error:
                return self._last(error)
            return self._found[1]

    def _look(self) -> Endpoint:
        return self.reach(impatient(self.stack()))

    def _last(self, error: OperationError) -> Endpoint:
        if self._found is None:
            raise error
        self._found = self.clock(), self._found[1]
        return self._found[1]


@dataclass(frozen=True)
class Places:
    """All of them, in their order."""

    every: Sequence[Place]

    def named(self, name: str) -> Place:
        """Raises UsageError if there is none of this name."""
        for place in self.every:
            if place.name == name:
                return place
        raise UsageError(f"this console has no Region {name}")

    async def first(self) -> Endpoint:
        """The API of whichever Region is found first: what is asked of the schema is asked of it.

        Raises:
            OperationError: none is found.
        """
        looks = [asyncio.create_task(place.endpoint()) for place in self.every]
        problems = []
        for look in asyncio.as_completed(looks):
            try:
                return await look
            except OperationError as error:
                problems.append(str(error))
        raise OperationError("; ".join(problems))
