"""The rules of a redrive: what is sent when, and what is removed.

Nothing is removed before the relay has said of each of its records that it was published, or that
a new message holds it. So whatever fails, and wherever it stops, each record lies somewhere; the
worst that can happen is that one is published again, with the same `_change.id`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.redrive.backlog import Backlog, Entry
from antipode_tools.operate.redrive.portions import portions
from antipode_tools.operate.redrive.ports import (
    Answer,
    Answered,
    Bucket,
    Crashed,
    NotInvoked,
    Outcome,
    Queue,
    Relay,
    Result,
)
from antipode_tools.operate.redrive.stored import Location, Source
from antipode_tools.operate.stacks.errors import OperationError

# What to wait after one and after two invocations in a row that settled nothing; a third ends the
# redrive. The relay itself has tried again for as long as its time-out allows.
PAUSES_S = (1.0, 5.0)


@dataclass
class Tally:
    """What a redrive has done so far.

    Args:
        not_removed: names of what was settled and could not be removed.
        stopped: why it ended before its end, if it did.
    """

    published: list[Entry] = field(default_factory=list)
    rejected: list[tuple[Entry, str]] = field(default_factory=list)
    failed: list[tuple[Entry, str]] = field(default_factory=list)
    messages_removed: int = 0
    objects_removed: int = 0
    objects_shrunk: int = 0
    not_removed: list[str] = field(default_factory=list)
    stopped: str = ""

    @property
    def settled(self) -> int:
        """How many records need not lie anywhere any more."""
        return len(self.published) + len(self.rejected)


class Redrive:
    """Sends a backlog through the relay, once.

    A record that fails holds back the later ones of its item, and nothing else. The records of a
    portion on which the relay crashes are sent one by one.
    """

    def __init__(
        self,
        backlog: Backlog,
        relay: Relay,
        queue: Queue,
        bucket: Bucket,
        *,
        sleep: Callable[[float], None],
        watch: Callable[[Tally], None],
    ) -> None:
        self._backlog, self._relay, self._queue, self._bucket = backlog, relay, queue, bucket
        self._sleep, self._watch = sleep, watch
        self._work = deque(portions(backlog.ordered()))
        self._blocked: set[str] = set()
        self._pauses = deque(PAUSES_S)
        self.tally = Tally()

    def run(self) -> Tally:
        """Sends and removes what can be; an error or an interrupt ends it early, and is noted."""
        self._until_stopped(self._send_everything)
        self._until_stopped(self._shrink)
        return self.tally

    def _until_stopped(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OperationError as error:
            self.tally.stopped = str(error)
        except KeyboardInterrupt:
            self.tally.stopped = "interrupted"

    def _send_everything(self) -> None:
        if self._work:
            self._prove()
        while portion := self._next():
            self._queue.keep()
            answer = self._relay.publish([self._backlog.text(entry) for entry in portion])
            self._take(portion, answer)
            self._watch(self.tally)

    def _prove(self) -> None:
        """Tells a relay that is broken from a record that breaks it."""
        match self._relay.publish([]):
            case Crashed(error) | NotInvoked(error):
                raise OperationError(f"the relay fails on an empty batch: {error}")
            case Answered():
                pass

    def _next(self) -> list[Entry]:
        while self._work:
            portion = self._work.popleft()
            if sendable := [e for e in portion if e.identity.item not in self._blocked]:
                return sendable
        return []

    def _take(self, portion: list[Entry], answer: Answer) -> None:
        match answer:
            case Answered(outcomes):
                self._take_outcomes(list(zip(portion, outcomes, strict=True)))
            case Crashed(error) if len(portion) == 1:
                self._fail(portion[0], error)
            case Crashed():
                # Each alone, rather than in halves: what was published before the crash is
                # published once more, and not once more with each halving.
                self._work.extendleft([entry] for entry in reversed(portion))
            case NotInvoked(error):
                self._work.appendleft(portion)
                self._pause(error)

    def _take_outcomes(self, outcomes: Sequence[tuple[Entry, Outcome]]) -> None:
        settled = [entry for entry, outcome in outcomes if outcome.settled]
        for entry, outcome in outcomes:
            self._count(entry, outcome)
        self._remove(self._backlog.settle(settled))
        self._work.appendleft([e for e, outcome in outcomes if outcome.result is Result.HELD_BACK])
        if settled:
            self._pauses = deque(PAUSES_S)
        elif outcomes:
            self._pause(next((o.detail for _, o in outcomes if o.detail), "no time was left"))

    def _count(self, entry: Entry, outcome: Outcome) -> None:
        match outcome.result:
            case Result.PUBLISHED:
                self.tally.published.append(entry)
            case Result.REJECTED:
                self.tally.rejected.append((entry, outcome.detail))
            case Result.FAILED:
                self._fail(entry, outcome.detail)
            case Result.HELD_BACK:
                pass  # sent again, unless its item is blocked by now

    def _fail(self, entry: Entry, detail: str) -> None:
        self.tally.failed.append((entry, detail))
        self._blocked.add(entry.identity.item)

    def _pause(self, why: str) -> None:
        if not self._pauses:
            raise OperationError(f"the relay published nothing {len(PAUSES_S) + 1} times: {why}")
        self._sleep(self._pauses.popleft())

    def _remove(self, places: Sequence[Location]) -> None:
        messages = [place.name for place in places if place.source is Source.QUEUE]
        objects = [place.name for place in places if place.source is Source.BUCKET]
        still_there = [*self._queue.remove(messages)]
        self.tally.messages_removed += len(messages) - len(still_there)
        kept_objects = self._bucket.remove(objects)
        self.tally.objects_removed += len(objects) - len(kept_objects)
        self.tally.not_removed += [*still_there, *kept_objects]

    def _shrink(self) -> None:
        for key, settled in self._backlog.partly_settled():
            self._bucket.shrink(key, settled)
            self.tally.objects_shrunk += 1
