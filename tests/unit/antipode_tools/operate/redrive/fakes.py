"""The outside of a redrive, in memory: a queue, a bucket, a relay and a clock that can be moved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from antipode.relay import undelivered
from antipode.relay.undelivered import Undelivered

from antipode_tools.operate.redrive.identity import Identity, identify
from antipode_tools.operate.redrive.ports import Answer, Answered, Outcome, Result
from antipode_tools.operate.redrive.reading import of_message, of_object, without
from antipode_tools.operate.redrive.stored import Container, Unreadable
from tests.fakes.clock import Clock

HIDDEN_S = 1_800.0

STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/antipode-ItemsModel/stream/2026-01-01T00:00"


def record(item: str, sequence: int, *, stream: str = STREAM) -> dict[str, Any]:
    """A stream record, the event id of which names its item and number."""
    return {
        "eventID": f"{item}{sequence}",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": stream,
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_225_600 + sequence,
            "Keys": {"id": {"S": item}},
            "NewImage": {"id": {"S": item}},
            "OldImage": {"id": {"S": item}},
            "SequenceNumber": str(sequence),
        },
    }


def message(stream_record: Any, *, reason: str = "rejected", detail: str = "") -> str:
    """The body of a message of the relay's queue."""
    entry = Undelivered(reason, detail, "eu-west-1", "ItemsModel", stream_record)
    return undelivered.encode(entry)


def batch(*records: Any, condition: str = "RetryAttemptsExhausted") -> bytes:
    """An object of Lambda's on-failure destination."""
    return json.dumps(
        {
            "requestContext": {"condition": condition, "approximateInvokeCount": 61},
            "version": "1.0",
            "DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": len(records)},
            "payload": json.dumps({"Records": records}),
        }
    ).encode()


@dataclass
class FakeQueue:
    """Hides what was read for `HIDDEN_S`, or until it is released.

    Args:
        step: called before and after each change, to count it, or to fail.
        stuck: messages that cannot be deleted.
    """

    clock: Clock = field(default_factory=Clock)
    step: Callable[[str], None] = lambda _: None
    bodies: dict[str, str] = field(default_factory=dict)
    visible_at: dict[str, float] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    kept: int = 0
    hidden: int = 0
    more: bool = False
    sent: int = 0

    def send(self, body: str) -> None:
        """What the relay does."""
        self.sent += 1
        self.bodies[f"m{self.sent}"] = body

    def read(self) -> Iterator[Container | Unreadable]:
        self.hidden = sum(1 for name in self.bodies if not self._visible(name))
        for name in [name for name in self.bodies if self._visible(name)]:
            self.visible_at[name] = self.clock() + HIDDEN_S
            self.held.add(name)
            yield of_message(name, self.bodies[name])

    def keep(self) -> None:
        self.kept += 1
        for name in self.held:
            self.visible_at[name] = self.clock() + HIDDEN_S

    def remove(self, names: Sequence[str]) -> Sequence[str]:
        for name in names:
            self.step(f"before removing {name}")
            if name not in self.stuck:
                del self.bodies[name]
                self.held.discard(name)
            self.step(f"after removing {name}")
        return [name for name in names if name in self.stuck]

    def release(self) -> None:
        for name in self.held:
            self.visible_at[name] = self.clock()
        self.held.clear()

    def _visible(self, name: str) -> bool:
        return self.visible_at.get(name, 0.0) <= self.clock()


@dataclass
class FakeBucket:
    """Objects by their keys."""

    step: Callable[[str], None] = lambda _: None
    objects: dict[str, bytes] = field(default_factory=dict)
    more: bool = False

    def read(self) -> Iterator[Container | Unreadable]:
        for key, text in sorted(self.objects.items()):
            yield of_object(key, text)

    def remove(self, names: Sequence[str]) -> Sequence[str]:
        for key in names:
            self.step(f"before removing {key}")
            del self.objects[key]
            self.step(f"after removing {key}")
        return ()

    def shrink(self, name: str, settled: Set[Identity]) -> None:
        self.step(f"before shrinking {name}")
        self.objects[name] = without(self.objects[name], settled)
        self.step(f"after shrinking {name}")


# What a relay does with one record: a fate, and an answer if the whole invocation ends by it.
Behaviour = Callable[[str], Result | Answer]


def published(_: str) -> Result | Answer:
    """The behaviour of a relay that is well."""
    return Result.PUBLISHED


@dataclass
class FakeRelay:
    """Does what `behaviour` says for each event id, and queues anew as the relay does.

    Args:
        announcements: the event ids, in the order in which subscribers hear of them.
        invocations: the event ids that each invocation was given.
    """

    queue: FakeQueue
    behaviour: Behaviour = published
    announcements: list[str] = field(default_factory=list)
    invocations: list[list[str]] = field(default_factory=list)

    def publish(self, records: Sequence[bytes]) -> Answer:
        given = [json.loads(text) for text in records]
        ids = [identify(each).id for each in given]
        self.invocations.append(ids)
        outcomes: list[Outcome] = []
        halted: set[str] = set()
        for each in given:
            item = identify(each).item
            done = Result.HELD_BACK if item in halted else self.behaviour(identify(each).id)
            if not isinstance(done, Result):
                return done
            outcomes.append(Outcome(done, "" if done is Result.PUBLISHED else f"{done.name} it is"))
            if done in (Result.FAILED, Result.HELD_BACK):
                halted.add(item)
            self._act(done, each)
        return Answered(tuple(outcomes))

    def _act(self, done: Result, given: Any) -> None:
        match done:
            case Result.PUBLISHED:
                self.announcements.append(identify(given).id)
            case Result.REJECTED:
                self.queue.send(message(given))
            case Result.FAILED | Result.HELD_BACK:
                pass
