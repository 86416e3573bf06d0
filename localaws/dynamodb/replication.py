"""Replication between the Regions of a global table: which write goes where, when, and which wins.

A pure core: it takes the records of each replica's stream, the time and the outcome of its writes,
and gives writes. The rules are those of eventually consistent global tables:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html

- A replica sends what was written in it to every other, and never what came from another.
- Of two writes of an item the later one wins, whole, by a hidden time; at the same time, the one of
  the Region that comes later in the alphabet. A write that loses leaves no trace where it lost.
- Of several writes that are to be applied to an item, only the last one is.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from localaws.dynamodb.replica import Apply, Record, Replica, Written

# Seconds that a write takes from one Region to another, if sent now; None where nothing passes.
Network: TypeAlias = Callable[[str, str], float | None]

_Link: TypeAlias = tuple[str, str]


class Replication:
    """The replicas of one table, and the writes on their way between them.

    Every method returns the writes to carry out; `done` must be told of each.

    Args:
        network: asked whenever a write is sent, and again when it should arrive.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._replicas: dict[str, Replica] = {}
        self._flying: list[tuple[float, int, _Link, str, Written]] = []
        self._held_back: dict[_Link, dict[str, Written]] = {}
        self._numbers = itertools.count()

    @property
    def regions(self) -> Sequence[str]:
        return list(self._replicas)

    @property
    def due(self) -> float | None:
        """When `tick` has something to do, if the network stays as it is."""
        return self._flying[0][0] if self._flying else None

    def join(self, region: str, items: Iterable[Record], now: float) -> list[Apply]:
        """Add a replica: it is sent what the others hold, and they what it holds.

        Args:
            items: what its table holds already, each as if it had just been written; what was
                written before the table was global has the time 0.
        """
        new = self._replicas[region] = Replica(region)
        for item in items:
            new.begin_with(item)
        for source in self._replicas.values():
            for key, written in source.items():
                for target in self._replicas:
                    if target != source.region and region in (source.region, target):
                        self._send((source.region, target), key, written, now)
        return self.tick(now)

    def leave(self, region: str) -> None:
        """Forget a replica that was deleted, and what is on its way to it."""
        self._replicas.pop(region, None)

    def read(self, region: str, records: Iterable[Record], now: float) -> list[Apply]:
        """Take records of a replica's stream, in their order."""
        replica, seen = self._replicas[region], dict[tuple[str, str], None]()
        for record in records:
            self._spread(replica, record.key, replica.read(record), now)
            seen[region, record.key] = None
        return [*self._settled(seen), *self.tick(now)]

    def done(self, write: Apply, *, applied: bool, now: float) -> list[Apply]:
        """Take the outcome of a write: applied, or refused since the item was another."""
        replica = self._replicas.get(write.region)
        if replica is None:
            return []
        self._spread(replica, write.key, replica.done(write.key, applied=applied), now)
        return [*replica.settle(write.key), *self.tick(now)]

    def tick(self, now: float) -> list[Apply]:
        """Deliver what should have arrived by now, also after the network has changed."""
        for link in [each for each in self._held_back if self._network(*each) is not None]:
            for key, written in self._held_back.pop(link).items():
                self._send(link, key, written, now)
        arrived: dict[tuple[str, str], None] = {}
        while self._flying and self._flying[0][0] <= now:
            _, _, link, key, written = heapq.heappop(self._flying)
            target = self._replicas.get(link[1])
            if target is None:
                continue
            if self._network(*link) is None:
                self._hold_back(link, key, written)
            else:
                target.want(key, written)
                arrived[link[1], key] = None
        return list(self._settled(arrived))

    def _settled(self, items: Iterable[tuple[str, str]]) -> Iterator[Apply]:
        for region, key in items:
            yield from self._replicas[region].settle(key)

    def _spread(self, source: Replica, key: str, writes: Iterable[Written], now: float) -> None:
        for written in writes:
            for target in self._replicas:
                if target != source.region:
                    self._send((source.region, target), key, written, now)

    def _send(self, link: _Link, key: str, written: Written, now: float) -> None:
        delay = self._network(*link)
        if delay is None:
            self._hold_back(link, key, written)
        else:
            heapq.heappush(self._flying, (now + delay, next(self._numbers), link, key, written))

    def _hold_back(self, link: _Link, key: str, written: Written) -> None:
        """Keep the last write of an item until the link is there again."""
        waiting = self._held_back.setdefault(link, {})
        before = waiting.get(key)
        if before is None or before.version < written.version:
            waiting[key] = written
