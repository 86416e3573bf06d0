"""One batch of stream records, published: each item's changes in their order, none lost.

Knows neither network nor environment: what it needs of them is handed in, clocks included.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Protocol

from antipode.json_values import Json
from antipode.relay import undelivered
from antipode.relay.answers import Answer, AnswerKind
from antipode.relay.backoff import full_jitter
from antipode.relay.change import Change, Unreadable, read
from antipode.relay.documents import Model
from antipode.relay.errors import (
    NotAStreamEventError,
    QueueRefusedError,
    Reason,
    UndeliverableError,
    UnknownModelError,
)
from antipode.relay.lanes import Again, Lanes, Next
from antipode.relay.memory import Memory
from antipode.relay.publishing import publication
from antipode.relay.response import is_redrive
from antipode.relay.task import Fate, Task
from antipode.relay.undelivered import Undelivered, UndeliveredQueue

__all__ = ["Fate", "Publisher", "Relay", "Task"]

# A publish stores nothing and takes AppSync some 20 ms: what takes this long is lost.
REQUEST_TIMEOUT_S = 10.0


class Publisher(Protocol):
    """Sends publish mutations."""

    def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one and says what became of it; never raises for what the other side did."""


@dataclass(frozen=True)
class Relay:
    """Publishes batches, and remembers for the life of the process what it is done with."""

    models: Mapping[str, Model]
    table_prefix: str
    region: str
    lanes: int
    publisher: Publisher
    queue: UndeliveredQueue
    now: Callable[[], float] = time.time
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    # Of the system: what SnapStart restores from one snapshot would draw the same numbers.
    random: Callable[[], float] = SystemRandom().random
    published: Memory = field(default_factory=Memory)
    undelivered: Memory = field(default_factory=Memory)

    def publish(self, event: Json, *, seconds: float) -> list[Task]:
        """Publishes what it can of a batch within so many seconds, and says what became of each.

        Raises:
            NotAStreamEventError: there is no batch in the event.
        """
        if not isinstance(event, dict) or not isinstance(event.get("Records"), list):
            raise NotAStreamEventError
        redrive = is_redrive(event)
        tasks = [self._task(record, redrive=redrive) for record in event["Records"]]
        batch = _Batch(self, self.clock() + seconds)
        Lanes(_by_item(tasks), batch.step, clock=self.clock, sleep=self.sleep).run(self.lanes)
        self.published.trim()
        self.undelivered.trim()
        return tasks

    def _task(self, record: Json, *, redrive: bool) -> Task:
        found = read(record, table_prefix=self.table_prefix)
        event_id = found.header.id
        # What kept a change from being published may have been fixed before a redrive.
        is_done = event_id in self.published or (event_id in self.undelivered and not redrive)
        return Task(record, found, Fate.REDELIVERED if is_done else Fate.HELD_BACK)


class _Batch:
    """The state of one invocation, shared by its lanes."""

    def __init__(self, relay: Relay, deadline: float) -> None:
        self._relay, self._deadline = relay, deadline
        # No change fares better than the one that AppSync did not let in: all of them wait.
        self._refusals, self._resumes_at = 0, 0.0

    def step(self, task: Task) -> Next | Again:
        """Tries one record once."""
        now = self._relay.clock()
        if max(now, self._resumes_at) >= self._deadline:
            return self._fail(task, task.detail) if task.attempts else Next.HALT
        if now < self._resumes_at:
            return Again(after=self._resumes_at - now)
        match task.read:
            case Unreadable(reason=reason, problem=problem):
                return self._keep(task, reason, problem, problem)
            case Change() as change:
                return self._publish(task, change, min(REQUEST_TIMEOUT_S, self._deadline - now))

    def _publish(self, task: Task, change: Change, timeout: float) -> Next | Again:
        try:
            answer = self._send(task, change, timeout)
        except UndeliverableError as error:
            return self._keep(task, error.reason, str(error), str(error))
        return self._after(task, answer)

    def _send(self, task: Task, change: Change, timeout: float) -> Answer:
        relay = self._relay
        if (model := relay.models.get(change.model)) is None:
            raise UnknownModelError(relay.table_prefix + change.model)
        request = publication(change, model, region=relay.region)
        task.attempts += 1
        task.dropped = request.dropped
        return relay.publisher.publish(request.field, request.body, timeout=timeout)

    def _after(self, task: Task, answer: Answer) -> Next | Again:
        match answer.kind:
            case AnswerKind.PUBLISHED:
                task.fate, task.detail = Fate.PUBLISHED, ""
                task.published_at = self._relay.now()
                self._relay.published.add(task.id)
                return Next.ADVANCE
            case AnswerKind.REJECTED:
                message = f"{answer.detail}: {answer.message}" if answer.message else answer.detail
                return self._keep(task, Reason.REJECTED, answer.detail, message)
            case AnswerKind.UNAUTHORIZED:
                return self._pause(task, answer.detail)
            case AnswerKind.RETRY:
                wait = full_jitter(task.attempts, self._relay.random)
                return self._try_again(task, answer.detail, wait)

    def _pause(self, task: Task, detail: str) -> Next | Again:
        """Has the whole batch wait. Failing at once would use up Lambda's attempts within minutes,
        and send everything to the bucket while a policy is put right."""
        self._refusals += 1
        wait = full_jitter(self._refusals, self._relay.random)
        self._resumes_at = self._relay.clock() + wait
        return self._try_again(task, detail, wait)

    def _try_again(self, task: Task, detail: str, wait: float) -> Next | Again:
        if self._relay.clock() + wait >= self._deadline:
            return self._fail(task, detail)
        task.detail = detail
        return Again(after=wait)

    def _keep(self, task: Task, reason: Reason, detail: str, message: str) -> Next:
        """Sends the change to the queue. `detail` goes to the log, `message` with the record."""
        relay, model = self._relay, task.change.model if task.change else None
        entry = Undelivered(reason, message, relay.region, model, task.record)
        try:
            relay.queue.send(undelivered.encode(entry))
        except QueueRefusedError as error:
            return self._fail(task, f"{detail}; {error}")
        relay.undelivered.add(task.id)
        task.fate, task.detail = Fate.UNDELIVERED, f"{reason}: {detail}"
        return Next.ADVANCE

    def _fail(self, task: Task, detail: str) -> Next:
        task.fate, task.detail = Fate.FAILED, detail
        return Next.HALT


def _by_item(tasks: Sequence[Task]) -> list[deque[Task]]:
    """The tasks that are to be done, item by item; a record of no known item by itself."""
    queues: dict[str | int, deque[Task]] = {}
    for number, task in enumerate(tasks):
        if task.fate is not Fate.REDELIVERED:
            queues.setdefault(task.read.header.item or number, deque()).append(task)
    return list(queues.values())
