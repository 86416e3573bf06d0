"""What lies undelivered, counted by where and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.identity import Identity
from antipode_tools.operate.redrive.ports import Bucket, Queue, Store
from antipode_tools.operate.redrive.stored import Container, Location, Source, Unreadable


@dataclass
class Group:
    """The records of one table that lie in one place for one reason.

    Args:
        example: the first detail that was given for one of them.
    """

    source: Source
    table: str
    reason: str
    records: int = 0
    oldest: float | None = None
    example: str = ""

    def add(self, identity: Identity, detail: str) -> None:
        """Counts one record."""
        self.records += 1
        self.example = self.example or detail
        moments = (self.oldest, identity.recorded_at)
        self.oldest = min((at for at in moments if at is not None), default=None)


@dataclass
class Survey:
    """What was found in the queue and in the bucket.

    Args:
        places: how many messages and objects, by source, unreadable ones included.
        hidden: about how many messages another reader has.
        complete: whether everything was looked at that can be seen.
    """

    backlog: Backlog
    places: dict[Source, int] = field(default_factory=lambda: dict.fromkeys(Source, 0))
    unreadable: list[Unreadable] = field(default_factory=list)
    hidden: int = 0
    complete: bool = True
    _groups: dict[tuple[Source, str, str], Group] = field(default_factory=dict)

    @property
    def groups(self) -> list[Group]:
        return [self._groups[key] for key in sorted(self._groups)]

    @property
    def nothing_there(self) -> bool:
        """Whether nothing at all is known to lie undelivered."""
        return not (any(self.places.values()) or self.hidden) and self.complete

    def add(self, found: Container | Unreadable) -> None:
        """Takes in one message or object."""
        self.places[found.place.source] += 1
        if isinstance(found, Unreadable):
            self.unreadable.append(found)
            return
        for identity in self.backlog.add(found):
            self._group(found.place, identity, found.reason).add(identity, found.detail)

    def _group(self, place: Location, identity: Identity, reason: str) -> Group:
        key = (place.source, identity.table, reason)
        return self._groups.setdefault(key, Group(*key))


def look(
    bucket: Bucket, queue: Queue, backlog: Backlog, *, watch: Callable[[Survey], None]
) -> Survey:
    """Reads both. The bucket first, since what is read of the queue is hidden from then on."""
    survey = Survey(backlog)
    stores: tuple[Store, ...] = (bucket, queue)
    for store in stores:
        for found in store.read():
            survey.add(found)
            watch(survey)
    survey.hidden = queue.hidden
    survey.complete = not any(store.more for store in stores)
    return survey
