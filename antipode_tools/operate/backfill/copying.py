"""The copy itself: reads the source, and writes to the target what that does not have newer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from antipode_tools.operate.backfill.deciding import Form, Left, identity, is_deleted, key_of
from antipode_tools.operate.backfill.ports import (
    Expected,
    Item,
    Key,
    Outcome,
    Readable,
    Writable,
)
from antipode_tools.operate.backfill.reading import Reader
from antipode_tools.operate.backfill.state import MOST_NAMED, Segment, State, Tally
from antipode_tools.project.item_size import bytes_of, write_units

# What is read of a segment at once. A run that is broken off reads so much of each again.
PAGE = 25


@dataclass(frozen=True)
class _Write:
    """A write that is to be made."""

    item: Item
    units: int
    do: Callable[[], Outcome]


@dataclass(frozen=True)
class Backfill:
    """Copies from wherever a state is.

    Args:
        keep: called with each state, before anything after it is begun.
        watch: called with each state, and the rate of that moment.
    """

    source: Readable
    target: Writable
    form: Form
    keep: Callable[[State], None]
    watch: Callable[[State, float], None]
    reader: Reader

    def run(self, state: State) -> State:
        """Copies until everything is.

        Raises:
            OperationError: AWS refuses something. What was kept holds.
        """
        if state.pending:
            withdrawn = self._withdraw(state.pending)
            state = replace(state, tally=state.tally.plus(withdrawn=withdrawn), pending=())
        while not state.done:
            state = self._step(state)
            self.keep(state)
            self.watch(state, self.reader.pace.rate)
        return state

    def _step(self, state: State) -> State:
        """A page of each segment."""
        of = len(state.segments)
        under_way = [n for n, segment in enumerate(state.segments) if not segment.done]
        pages = self.reader.patiently(
            [partial(self.source.page, n, of, state.segments[n].last, PAGE) for n in under_way]
        )
        segments = list(state.segments)
        for number, page in zip(under_way, pages, strict=True):
            segments[number] = Segment(page.last, done=page.last is None)
        items, tally = self._fitting([item for page in pages for item in page.items], state.tally)
        traces = tuple(self.form.traces(self.source.key, item) for item in items)
        if traces:
            self.keep(replace(state, pending=traces))
        written, tally = self._put(items, tally)
        withdrawn = self._withdraw(written)
        tally = tally.plus(written=len(written) - withdrawn, withdrawn=withdrawn)
        return replace(state, segments=tuple(segments), tally=tally)

    def _fitting(self, items: Sequence[Item], tally: Tally) -> tuple[list[Item], Tally]:
        """Those that have the model's key, and the rest counted."""
        fitting = []
        tally = tally.plus(read=len(items))
        for item in items:
            if why := self.form.unfit(item):
                named = f"{identity(key_of(self.source.key, item))}: {why}"
                tally = tally.plus(unfit=1)
                tally = replace(tally, named=(*tally.named, named)[:MOST_NAMED])
            else:
                fitting.append(self.form.taken(item))
        return fitting, tally

    def _put(self, waiting: Sequence[Item], tally: Tally) -> tuple[list[Item], Tally]:
        """Writes what is to be written, and gives it back with the rest counted."""
        written: list[Item] = []
        seen: set[str] = set()
        while waiting:
            there = self._found(self.target, [self.form.key_of(item) for item in waiting])
            writes = []
            for item in waiting:
                name = identity(self.form.key_of(item))
                # What was there before and is not now was deleted by somebody this very moment.
                match (
                    Left.NEWER
                    if name in seen - there.keys()
                    else self.form.decide(item, there.get(name))
                ):
                    case Left.THERE:
                        tally = tally.plus(there=1)
                    case Left.NEWER:
                        tally = tally.plus(newer=1)
                    case Left.DELETED:
                        tally = tally.plus(deleted=1)
                    case Expected() as expected:
                        put = partial(self.target.put, item, expected)
                        writes.append(_Write(item, write_units(bytes_of(item)), put))
            seen |= there.keys()
            done, waiting = self._write(writes)
            written += done
        return written, tally

    def _withdraw(self, written: Sequence[Item]) -> int:
        """Deletes at the target again what is no longer at the source, unless it was written since.

        A deletion that goes to the source first, then to the target, is never undone by a copy that
        was read before it and written after it; if a run ends in between, the next one looks first.
        """
        keys = self.source.key
        found = self._found(self.source, [key_of(keys, item) for item in written])
        there = {name for name, item in found.items() if not is_deleted(item)}
        writes = [
            _Write(
                item,
                write_units(bytes_of(item)),
                partial(self.target.remove, self.form.key_of(item), self.form.as_seen(item)),
            )
            for item in written
            if identity(key_of(keys, item)) not in there
        ]
        gone, _ = self._write(writes)
        return len(gone)

    def _found(self, table: Readable, keys: Sequence[Key]) -> dict[str, Item]:
        """By their keys."""
        different = list({identity(key): key for key in keys}.values())
        [found] = self.reader.patiently([partial(table.find, different)]) if different else [()]
        return {identity(key_of(table.key, item)): item for item in found}

    def _write(self, writes: Sequence[_Write]) -> tuple[list[Item], list[Item]]:
        """Makes every write at the pace. Returns the items of those that were made, and of those
        that found something else at the target."""
        done: list[Item] = []
        otherwise: list[Item] = []
        waiting = deque(writes)
        while waiting:
            some = self._some(waiting)
            outcomes = self.reader.together([write.do for write in some])
            for write, outcome in zip(some, outcomes, strict=True):
                match outcome:
                    case Outcome.DONE:
                        done.append(write.item)
                    case Outcome.OTHERWISE:
                        otherwise.append(write.item)
                    case Outcome.THROTTLED:
                        waiting.append(write)
            if Outcome.THROTTLED in outcomes:
                self.reader.pace.throttled(self.reader.clock())
            else:
                self.reader.pace.taken(self.reader.clock())
        return done, otherwise

    def _some(self, waiting: deque[_Write]) -> list[_Write]:
        """As much as may be written at once, when it may."""
        if wait := self.reader.pace.wait_s(self.reader.clock()):
            self.reader.sleep(wait)
        some = [waiting.popleft()]
        units = some[0].units
        while waiting and units + waiting[0].units <= self.reader.pace.burst:
            some.append(waiting.popleft())
            units += some[-1].units
        self.reader.pace.spend(units, self.reader.clock())
        return some
