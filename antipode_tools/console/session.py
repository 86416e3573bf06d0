"""One page that is open: what it subscribed to, and what it is told, in bounded portions.

The page sends `{"start": {"id", "region", "document", "variables"}}` and `{"stop": {"id",
"region"}}`. It gets `{"rows": [...], "left_out": {}}` ten times a second at most, `{"region"}` and
`{"subscription"}` as they come, and every five seconds a `{"beat"}` with the version of the API.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from antipode_tools.console.api_schema import version_of
from antipode_tools.console.listening import Listener
from antipode_tools.console.places import Place, Places
from antipode_tools.console.rows import shortened, times
from antipode_tools.operate.stacks.errors import OperationError, UsageError

# JSON.
Json = Any

FLUSH_S = 0.1
# In each portion: a page that is told of more shows no more.
MOST_ROWS = 100
MOST_SUBSCRIPTIONS = 60
BEAT_S = 5.0


@dataclass
class Session:
    """What one page hears.

    Args:
        send: sends the page a message.
        now: seconds since 1970.
        flush_s: between two portions at least.
        beat_s: between two signs of life, and two looks at the API.
        chance: at least 0 and less than 1: the part of a pause that a lost connection waits.
    """

    places: Places
    send: Callable[[Json], Awaitable[None]]
    now: Callable[[], float] = time.time
    flush_s: float = FLUSH_S
    beat_s: float = BEAT_S
    chance: Callable[[], float] = random.random
    _listeners: dict[str, Listener] = field(default_factory=dict)
    _started: set[tuple[str, str]] = field(default_factory=set)
    _rows: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    _left_out: Counter[str] = field(default_factory=Counter)
    _news: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    _something: asyncio.Event = field(default_factory=asyncio.Event)
    _version: str | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Tell the page of what there is, for the length of a block."""
        always = (self._flush(), self._beat(), self._look())
        tasks = [asyncio.create_task(each) for each in always]
        for place in self.places.every:
            listener = Listener(place.endpoint, _Ear(self, place), self.chance)
            self._listeners[place.name] = listener
            tasks.append(asyncio.create_task(listener.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def take(self, message: Json) -> None:
        """Do what the page asks.

        Raises:
            UsageError: it is nothing that can be done.
        """
        match message:
            case {
                "start": {"id": str(id_), "region": str(region), "document": str(document)} as it
            }:
                listener = self._listener(region)
                if len(self._started) >= MOST_SUBSCRIPTIONS:
                    raise UsageError(f"a page has {MOST_SUBSCRIPTIONS} subscriptions at most")
                self._started.add((region, id_))
                await listener.start(id_, document, it.get("variables") or {})
            case {"stop": {"id": str(id_), "region": str(region)}}:
                self.forget(region, id_)
                await self._listener(region).stop(id_)
            case _:
                raise UsageError("a page starts and stops subscriptions")

    def add(self, row: Json) -> None:
        """Have the page told of an announcement; the oldest is left out where there are many."""
        if len(self._rows) == MOST_ROWS:
            self._left_out[self._rows[0]["region"]] += 1
        self._rows.append(row)
        self._something.set()

    def tell(self, news: Json) -> None:
        """Have the page told of something else."""
        self._news.append(news)
        self._something.set()

    def forget(self, region: str, id_: str) -> None:
        """A subscription is over, and makes room for another."""
        self._started.discard((region, id_))

    def _listener(self, region: str) -> Listener:
        return self._listeners[self.places.named(region).name]

    async def _flush(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._news:
                await self.send(self._news.popleft())
            if self._rows:
                portion = {"rows": [*self._rows], "left_out": dict(self._left_out)}
                self._rows.clear()
                self._left_out.clear()
                await self.send(portion)
            await asyncio.sleep(self.flush_s)

    async def _beat(self) -> None:
        while True:
            self.tell({"beat": self.now(), "version": self._version})
            await asyncio.sleep(self.beat_s)

    async def _look(self) -> None:
        """Look for an API that was deployed anew. No beat waits for a Region that is silent."""
        while True:
            with suppress(OperationError):
                self._version = version_of((await self.places.first()).schema)
            await asyncio.sleep(self.beat_s)


@dataclass
class _Ear:
    """What one Region's listener says, as news for the page."""

    session: Session
    place: Place

    def told(self, id_: str, data: Mapping[str, Json]) -> None:
        now = self.session.now()
        for name, item in data.items():
            row = {"subscription": id_, "region": self.place.name, "field": name, "at": now}
            since = asdict(times(item, now))
            self.session.add({**row, **since, "item": shortened(item)})

    def is_live(self, problem: str) -> None:
        self.session.tell({"region": self.place.name, "problem": problem})

    def accepted(self, id_: str) -> None:
        self.session.tell({"subscription": id_, "region": self.place.name, "problem": ""})

    def refused(self, id_: str, why: str) -> None:
        self.session.forget(self.place.name, id_)
        self.session.tell({"subscription": id_, "region": self.place.name, "problem": why})
