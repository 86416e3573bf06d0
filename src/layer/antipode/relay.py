"""One batch of stream records, announced: each item's changes in their order, none lost.

Knows neither network nor environment: what it needs of them is handed in, clocks included.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from antipode import undelivered
from antipode.answers import Answer, AnswerKind
from antipode.attributes import Json
from antipode.backoff import full_jitter
from antipode.change import Change, decode, sequence_of
from antipode.documents import Model
from antipode.errors import (
    NotAStreamEventError,
    QueueRefusedError,
    Reason,
    UndeliverableError,
    UnknownModelError,
    UnplacedFailureError,
)
from antipode.lanes import Again, Lanes, Next
from antipode.published import Published
from antipode.publishing import publication
from antipode.undelivered import Undelivered, UndeliveredQueue

# A publish stores nothing and takes AppSync some 20 ms: what takes this long is lost.
REQUEST_TIMEOUT_S = 10.0


class Publisher(Protocol):
    """Sends publish mutations."""

    def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one and says what became of it; never raises for what the other side did."""


class Fate(Enum):
    """What became of one record."""

    HELD_BACK = auto()  # not tried: time ran out, or an earlier change of its item failed
    PUBLISHED = auto()
    SET_ASIDE = auto()  # it cannot be announced: in the queue
    REDELIVERED = auto()  # this process was done with it before
    FAILED = auto()


@dataclass(slots=True)
class Task:
    """One record on its way. Held by one lane at a time."""

    record: Json
    change: Change | None = None
    problem: UndeliverableError | None = None
    fate: Fate = Fate.HELD_BACK
    attempts: int = 0
    detail: str = ""
    dropped: tuple[str, ...] = ()
    published_at: float = 0.0

    @property
    def is_left(self) -> bool:
        """Whether Lambda has to send the record again."""
        return self.fate in (Fate.FAILED, Fate.HELD_BACK)


@dataclass(frozen=True)
class Relay:
    """Announces batches. Lives as long as the process and remembers what it is done with."""

    models: Mapping[str, Model]
    table_prefix: str
    region: str
    lanes: int
    publisher: Publisher
    queue: UndeliveredQueue
    published: Published
    now: Callable[[], float] = time.time
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def announce(self, event: Json, *, seconds: float) -> list[Task]:
        """Announces what it can of a batch within so many seconds, and says what became of each.

        Raises:
            NotAStreamEventError: there is no batch in the event.
        """
        if not isinstance(event, dict) or not isinstance(event.get("Records"), list):
            raise NotAStreamEventError
        tasks = [self._task(record) for record in event["Records"]]
        batch = _Batch(self, self.clock() + seconds)
        Lanes(_by_item(tasks), batch.step, clock=self.clock, sleep=self.sleep).run(self.lanes)
        self.published.forget_oldest()
        return tasks

    def _task(self, record: Json) -> Task:
        if (event_id := _id(record)) is not None and event_id in self.published:
            return Task(record, fate=Fate.REDELIVERED)
        try:
            return Task(record, decode(record, table_prefix=self.table_prefix))
        except UndeliverableError as problem:
            return Task(record, problem=problem)


def first_failure(tasks: Sequence[Task]) -> str | None:
    """The lowest sequence number that Lambda has to send again, if any.

    Raises:
        UnplacedFailureError: a record is left that has no number.
    """
    left = [sequence_of(task.record) for task in tasks if task.is_left]
    if None in left:
        raise UnplacedFailureError
    return min((number for number in left if number is not None), key=int, default=None)


class _Batch:
    """The state of one invocation, shared by its lanes."""

    def __init__(self, relay: Relay, deadline: float) -> None:
        self._relay, self._deadline = relay, deadline
        self._stopped = False

    def step(self, task: Task) -> Next | Again:
        """Tries one record once."""
        timeout = min(REQUEST_TIMEOUT_S, self._deadline - self._relay.clock())
        if self._stopped or timeout <= 0:
            return Next.HALT
        try:
            answer = self._publish(task, timeout)
        except UndeliverableError as problem:
            return self._set_aside(task, problem.reason, str(problem), str(problem))
        return self._after(task, answer)

    def _publish(self, task: Task, timeout: float) -> Answer:
        relay, change = self._relay, task.change
        if change is None:
            raise task.problem or AssertionError("a task has either a change or a problem")
        if (model := relay.models.get(change.model)) is None:
            raise UnknownModelError(relay.table_prefix + change.model)
        request = publication(change, model, region=relay.region)
        task.attempts += 1
        task.dropped = request.dropped
        return relay.publisher.publish(request.field, request.body, timeout=timeout)

    def _after(self, task: Task, answer: Answer) -> Next | Again:
        match answer.kind:
            case AnswerKind.PUBLISHED:
                task.published_at = self._relay.now()
                return self._done(task, Fate.PUBLISHED)
            case AnswerKind.CANNOT_PASS:
                message = f"{answer.detail}: {answer.message}" if answer.message else answer.detail
                return self._set_aside(task, Reason.REFUSED, answer.detail, message)
            case AnswerKind.UNAUTHORIZED:
                self._stopped = True
                return self._fail(task, answer.detail)
            case AnswerKind.MAY_PASS:
                return self._try_again(task, answer.detail)

    def _try_again(self, task: Task, detail: str) -> Next | Again:
        wait = full_jitter(task.attempts, self._relay.random)
        if self._relay.clock() + wait >= self._deadline:
            return self._fail(task, detail)
        task.detail = detail
        return Again(after=wait)

    def _set_aside(self, task: Task, reason: Reason, detail: str, message: str) -> Next:
        """`detail` goes to the log, `message` with the record to the queue."""
        relay, model = self._relay, task.change.model if task.change else None
        entry = Undelivered(reason, message, relay.region, model, task.record)
        try:
            relay.queue.send(undelivered.encode(entry))
        except QueueRefusedError as error:
            return self._fail(task, f"{detail}; {error}")
        task.detail = f"{reason}: {detail}"
        return self._done(task, Fate.SET_ASIDE)

    def _done(self, task: Task, fate: Fate) -> Next:
        task.fate = fate
        if (event_id := _id(task.record)) is not None:
            self._relay.published.add(event_id)
        return Next.ADVANCE

    def _fail(self, task: Task, detail: str) -> Next:
        task.fate, task.detail = Fate.FAILED, detail
        return Next.HALT


def _by_item(tasks: Sequence[Task]) -> list[deque[Task]]:
    """The tasks that are to be done, item by item; a record of no known item by itself."""
    queues: dict[str | int, deque[Task]] = {}
    for number, task in enumerate(tasks):
        if task.fate is not Fate.REDELIVERED:
            queues.setdefault(task.change.item if task.change else number, deque()).append(task)
    return list(queues.values())


def _id(record: Json) -> str | None:
    event_id = record.get("eventID") if isinstance(record, dict) else None
    return event_id if isinstance(event_id, str) else None
