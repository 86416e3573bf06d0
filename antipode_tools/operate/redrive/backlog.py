"""What lies undelivered: each record once, in order, with every place that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from antipode.json_values import Json

from antipode_tools.operate.redrive.identity import Identity, identify
from antipode_tools.operate.redrive.reading import encode
from antipode_tools.operate.redrive.spool import Slot, Spool
from antipode_tools.operate.redrive.stored import Container, Location


@dataclass(frozen=True, slots=True)
class Entry:
    """One record, without its contents, which may be large."""

    identity: Identity
    slot: Slot


class Backlog:
    """The records of many messages and objects.

    A record may lie in several places: the relay queues it again after a restart, SQS delivers it
    twice, and Lambda gives up a batch of which the relay had queued a part. It is sent once, and
    each place is emptied of it.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._entries: dict[Identity, Entry] = {}
        self._places: dict[Identity, set[Location]] = {}
        self._left: dict[Location, set[Identity]] = {}
        self._settled: dict[Location, set[Identity]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, container: Container) -> list[Identity]:
        """Takes in one message or object; gives the identities of its records."""
        identities = [self._take(record) for record in container.records]
        self._left[container.place] = set(identities)
        for identity in identities:
            self._places.setdefault(identity, set()).add(container.place)
        return identities

    def ordered(self) -> list[Entry]:
        """Every record; those of an item in the order in which they were made."""
        return sorted(
            self._entries.values(), key=lambda entry: (entry.identity.order, entry.identity.id)
        )

    def text(self, entry: Entry) -> bytes:
        """A record as JSON."""
        return self._spool.get(entry.slot)

    def settle(self, entries: Iterable[Entry]) -> list[Location]:
        """Notes that these need not lie anywhere any more; gives the places that hold no others."""
        touched: dict[Location, None] = {}
        for entry in entries:
            for place in self._places[entry.identity]:
                self._left[place].remove(entry.identity)
                self._settled.setdefault(place, set()).add(entry.identity)
                touched[place] = None
        return [place for place in touched if not self._left[place]]

    def partly_settled(self) -> list[tuple[str, Set[Identity]]]:
        """The objects of which something is left: their keys, and the records that are not.

        A message is never one of them: it holds a single record.
        """
        return [(place.name, gone) for place, gone in self._settled.items() if self._left[place]]

    def _take(self, record: Json) -> Identity:
        identity = identify(record)
        if identity not in self._entries:
            self._entries[identity] = Entry(identity, self._spool.put(encode(record)))
        return identity
