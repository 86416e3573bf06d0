"""What the relay works with, in memory: records, AppSync, the queue and the time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from antipode.relay import undelivered
from antipode.relay.answers import PUBLISHED, Answer
from antipode.relay.documents import load
from antipode.relay.errors import QueueRefusedError
from antipode.relay.memory import CAPACITY, Memory
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.task import Task
from antipode.relay.undelivered import Undelivered

from tests.fakes.clock import Clock
from tests.fakes.virtual_time import run

ROOT = Path(__file__).parent.parent.parent
MODELS = load((ROOT / "src" / "relay" / "publish.json").read_text())
STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/antipode-ItemsModel/stream/2026-11-22T20:37"

Json = Any  # as the json module reads it


def event(name: str) -> Json:
    """One of the project's sample events."""
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def record(
    number: int,
    item: str = "Item001",
    *,
    image: Json = None,
    event_name: str = "MODIFY",
    arn: str = STREAM,
) -> Json:
    """A stream record of an item with a text; its number gives it its id and its sequence."""
    attributes = {"id": {"S": item}, "item": {"S": f"{item} {number}"}} | (image or {})
    return {
        "eventID": f"event-{number}",
        "eventName": event_name,
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795380420,
            "Keys": {"id": {"S": item}},
            "OldImage" if event_name == "REMOVE" else "NewImage": attributes,
            "SequenceNumber": str(1000 + number),
        },
        "eventSourceARN": arn,
    }


def batch(*records: Json) -> Json:
    """An event of these records."""
    return {"Records": list(records)}


@dataclass
class FakeAppSync:
    """A publisher in memory. `answer` decides by the announced item what is answered."""

    answer: Callable[[Json], Answer] = lambda change: PUBLISHED
    sent: list[Json] = field(default_factory=list)
    announced: list[Json] = field(default_factory=list)

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        change = json.loads(json.loads(body)["variables"]["change"])
        self.sent.append(change)
        answer = self.answer(change)
        if answer is PUBLISHED:
            self.announced.append(change)
        return answer

    def __contains__(self, number: int) -> bool:
        return any(change["_change"]["id"] == f"event-{number}" for change in self.announced)

    def __len__(self) -> int:
        return len(self.announced)

    def texts(self) -> list[str]:
        """The texts that were announced, in their order."""
        return [change["item"] for change in self.announced]


@dataclass
class FakeQueue:
    """A queue in memory, which can refuse."""

    refuses: bool = False
    bodies: list[str] = field(default_factory=list)

    async def send(self, body: str) -> None:
        if self.refuses:
            raise QueueRefusedError("the queue is full")
        self.bodies.append(body)

    def __len__(self) -> int:
        return len(self.bodies)

    def __iter__(self) -> Iterator[Undelivered]:
        return map(undelivered.decode, self.bodies)


@dataclass(frozen=True)
class RelayInVirtualTime:
    """A relay whose batches are published in a time of their own."""

    relay: Relay
    clock: Clock

    def publish(self, event: Json, *, seconds: float) -> list[Task]:
        """What becomes of each record of an event."""
        return run(self.relay.publish(event, seconds=seconds), self.clock)


def a_relay(
    appsync: FakeAppSync | None = None,
    queue: FakeQueue | None = None,
    clock: Clock | None = None,
    *,
    lanes: int = 1,
    rate: float = 0,
    memory: int = CAPACITY,
) -> RelayInVirtualTime:
    """A relay in Ireland. With one lane, the records go out in the order of the batch."""
    clock = clock or Clock()
    relay = Relay(
        models=MODELS,
        table_prefix="antipode-",
        region="eu-west-1",
        pace=Pace(lanes, rate),
        publisher=FakeAppSync() if appsync is None else appsync,
        queue=FakeQueue() if queue is None else queue,
        now=clock,
        random=lambda: 1.0,
        published=Memory(memory),
        undelivered=Memory(memory),
    )
    return RelayInVirtualTime(relay, clock)
