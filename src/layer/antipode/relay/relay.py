"""One batch of stream records, published: each item's changes in their order, none lost.

Knows neither network nor environment: what it needs of them is handed in, the time of day included.
What it waits for is the event loop's, and so is the time that it has.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
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
from antipode.relay.pace import Pace
from antipode.relay.publishing import Publication, publication
from antipode.relay.response import is_redrive
from antipode.relay.task import Fate, Task
from antipode.relay.undelivered import Undelivered, UndeliveredQueue

__all__ = ["Fate", "Publisher", "Relay", "Task"]

# A publish stores nothing and takes AppSync some 20 ms: what takes this long is lost.
REQUEST_TIMEOUT_S = 10.0


class Publisher(Protocol):
    """Sends publish mutations."""

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """Sends one and says what became of it; never raises for what the other side did."""


@dataclass(frozen=True)
class Relay:
    """Publishes batches, and remembers for the life of the process what it is done with."""

    models: Mapping[str, Model]
    table_prefix: str
    region: str
    pace: Pace
    publisher: Publisher
    queue: UndeliveredQueue
    # The models of tables that are called otherwise, by the names of these.
    tables: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], float] = time.time
    # Of the system: what SnapStart restores from one snapshot would draw the same numbers.
    random: Callable[[], float] = SystemRandom().random
    published: Memory = field(default_factory=Memory)
    undelivered: Memory = field(default_factory=Memory)

    async def publish(self, event: Json, *, seconds: float) -> list[Task]:
        """Publishes what it can of a batch within so many seconds, and says what became of each.

        Raises:
            NotAStreamEventError: there is no batch in the event.
        """
        if not isinstance(event, dict) or not isinstance(event.get("Records"), list):
            raise NotAStreamEventError
        redrive, records = is_redrive(event), event["Records"]
        tasks: list[Task] = []
        batch = _Batch(self, _clock() + seconds)
        lanes = Lanes(self._undone(records, tasks, redrive=redrive), batch.step)
        await lanes.run(min(self.pace.lanes, len(records)))
        self.published.trim()
        self.undelivered.trim()
        return tasks

    def _undone(
        self, records: list[Json], tasks: list[Task], *, redrive: bool
    ) -> Iterator[tuple[Hashable, Task]]:
        """Reads each record when it is asked for, and gives what is to be done with the name of its
        queue: its item, or of no known item a queue to itself."""
        for number, record in enumerate(records):
            task = self._task(record, redrive=redrive)
            tasks.append(task)
            if task.fate is not Fate.REDELIVERED:
                yield task.read.header.item or number, task

    def _task(self, record: Json, *, redrive: bool) -> Task:
        found = read(record, table_prefix=self.table_prefix, tables=self.tables)
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

    async def step(self, task: Task) -> Next | Again:
        """Tries one record once."""
        now = _clock()
        if max(now, self._resumes_at) >= self._deadline:
            return self._out_of_time(task)
        if now < self._resumes_at:
            return Again(after=self._resumes_at - now)
        match task.read:
            case Unreadable(reason=reason, problem=problem):
                return await self._keep(task, reason, problem, problem)
            case Change() as change:
                return await self._publish(task, change)

    async def _publish(self, task: Task, change: Change) -> Next | Again:
        try:
            request = self._request(task, change)
        except UndeliverableError as error:
            return await self._keep(task, error.reason, str(error), str(error))
        pace = self._relay.pace
        if (turn := await pace.turn(self._deadline)) is None:
            return self._out_of_time(task)
        kind: AnswerKind | None = None
        try:
            answer = await self._send(task, request)
            kind = answer.kind
        finally:
            pace.end(turn, kind)
        return await self._after(task, answer)

    def _request(self, task: Task, change: Change) -> Publication:
        relay = self._relay
        if (model := relay.models.get(change.model)) is None:
            raise UnknownModelError(change.header.table)
        request = publication(change, model, region=relay.region)
        task.dropped = request.dropped
        return request

    async def _send(self, task: Task, request: Publication) -> Answer:
        task.attempts += 1
        timeout = min(REQUEST_TIMEOUT_S, self._deadline - _clock())
        publisher = self._relay.publisher
        return await publisher.publish(request.field, request.body, timeout=timeout)

    async def _after(self, task: Task, answer: Answer) -> Next | Again:
        match answer.kind:
            case AnswerKind.PUBLISHED:
                task.fate, task.detail = Fate.PUBLISHED, ""
                task.published_at = self._relay.now()
                self._relay.published.add(task.id)
                return Next.ADVANCE
            case AnswerKind.REJECTED:
                message = f"{answer.detail}: {answer.message}" if answer.message else answer.detail
                return await self._keep(task, Reason.REJECTED, answer.detail, message)
            case AnswerKind.UNAUTHORIZED:
                return self._pause(task, answer.detail)
            case AnswerKind.RETRY | AnswerKind.THROTTLED:
                task.throttled += answer.kind is AnswerKind.THROTTLED
                wait = full_jitter(task.attempts, self._relay.random)
                return self._try_again(task, answer.detail, wait)

    def _pause(self, task: Task, detail: str) -> Next | Again:
        """Has the whole batch wait. Failing at once would use up Lambda's attempts within minutes,
        and send everything to the bucket while a policy is put right."""
        self._refusals += 1
        wait = full_jitter(self._refusals, self._relay.random)
        self._resumes_at = _clock() + wait
        return self._try_again(task, detail, wait)

    def _try_again(self, task: Task, detail: str, wait: float) -> Next | Again:
        if _clock() + wait >= self._deadline:
            return self._fail(task, detail)
        task.detail = detail
        return Again(after=wait)

    async def _keep(self, task: Task, reason: Reason, detail: str, message: str) -> Next:
        """Sends the change to the queue. `detail` goes to the log, `message` with the record."""
        relay, model = self._relay, task.change.model if task.change else None
        entry = Undelivered(reason, message, relay.region, model, task.record)
        try:
            await relay.queue.send(undelivered.encode(entry))
        except QueueRefusedError as error:
            return self._fail(task, f"{detail}; {error}")
        relay.undelivered.add(task.id)
        task.fate, task.detail = Fate.UNDELIVERED, f"{reason}: {detail}"
        return Next.ADVANCE

    def _out_of_time(self, task: Task) -> Next:
        return self._fail(task, task.detail) if task.attempts else Next.HALT

    def _fail(self, task: Task, detail: str) -> Next:
        task.fate, task.detail = Fate.FAILED, detail
        return Next.HALT


def _clock() -> float:
    return asyncio.get_running_loop().time()
