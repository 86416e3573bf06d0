"""That relay and redrive understand each other: the real relay answers, and a stub carries it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from antipode.relay import documents, undelivered
from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.response import response
from botocore.response import StreamingBody
from botocore.stub import Stubber

from antipode_tools.operate.redrive import ports
from antipode_tools.operate.redrive.ports import Answered, Outcome, Result
from antipode_tools.operate.redrive.reading import encode
from antipode_tools.operate.redrive.relay_function import RelayFunction
from tests.fakes.clock import Clock
from tests.fakes.virtual_time import run
from tests.unit.antipode_tools.operate.redrive.fakes import record

ROOT = Path(__file__).parents[5]


@dataclass
class Publisher:
    """AppSync: refuses what holds one of these words, and is out of service for others."""

    refused: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    published: list[str] = field(default_factory=list)

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        change = json.loads(json.loads(body)["variables"]["change"])
        if change["id"] in self.refused:
            return Answer(AnswerKind.REJECTED, "status 200: BadRequest")
        if change["id"] in self.down:
            return Answer(AnswerKind.RETRY, "status 503")
        self.published.append(change["_change"]["id"])
        return PUBLISHED


@dataclass
class Queue:
    """The queue of undelivered changes."""

    bodies: list[str] = field(default_factory=list)

    async def send(self, body: str) -> None:
        self.bodies.append(body)


@dataclass
class Process:
    """One execution environment of the relay, as long as it lives."""

    publisher: Publisher = field(default_factory=Publisher)
    queue: Queue = field(default_factory=Queue)

    def __post_init__(self) -> None:
        self._clock = Clock()
        self._relay = Relay(
            models=documents.load((ROOT / "src/relay/publish.json").read_text()),
            table_prefix="antipode-",
            region="eu-west-1",
            pace=Pace(1),
            publisher=self.publisher,
            queue=self.queue,
            now=self._clock,
            random=lambda: 1.0,
        )

    def handle(self, event: Any) -> Any:
        tasks = run(self._relay.publish(event, seconds=20.0), self._clock)
        return response(event, tasks)

    def redrive(self, *records: Any) -> ports.Answer:
        """What the redrive makes of the relay's answer to these records."""
        texts: Sequence[bytes] = [encode(each) for each in records]
        payload = json.dumps(
            self.handle({"redrive": True, "version": 1, "Records": list(records)})
        ).encode()
        client = boto3.client(
            "lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
        event = b'{"redrive":true,"version":1,"Records":[%s]}' % b",".join(texts)
        with Stubber(client) as stubber:
            stubber.add_response(
                "invoke",
                {"Payload": StreamingBody(io.BytesIO(payload), len(payload))},
                {"FunctionName": "relay", "Payload": event},
            )
            return RelayFunction(client, "relay").publish(texts)


def test_an_empty_batch_is_answered() -> None:
    assert Process().redrive() == Answered(())


def test_the_relay_says_of_each_record_what_became_of_it() -> None:
    relay = Process(Publisher(refused={"b"}, down={"c"}))

    answer = relay.redrive(record("a", 1), record("b", 2), record("c", 3), record("c", 4), "broken")

    assert answer == Answered(
        (
            Outcome(Result.PUBLISHED),
            Outcome(Result.REJECTED, "rejected: status 200: BadRequest"),
            Outcome(Result.FAILED, "status 503"),
            Outcome(Result.HELD_BACK),
            Outcome(
                Result.REJECTED,
                "malformed: the record is malformed: it is no record of a DynamoDB stream",
            ),
        )
    )
    assert relay.publisher.published == ["a1"]
    assert [undelivered.decode(body).record for body in relay.queue.bodies] == [
        record("b", 2),
        "broken",
    ]


def test_what_the_process_had_rejected_is_tried_again_once_the_cause_is_fixed() -> None:
    relay = Process(Publisher(refused={"b"}))
    relay.handle({"Records": [record("b", 2)]})
    relay.publisher.refused.clear()

    assert relay.redrive(record("b", 2)) == Answered((Outcome(Result.PUBLISHED),))
    assert relay.publisher.published == ["b2"]


def test_what_the_process_had_published_counts_as_published_and_is_not_published_twice() -> None:
    relay = Process()
    relay.handle({"Records": [record("a", 1)]})

    assert relay.redrive(record("a", 1)) == Answered((Outcome(Result.PUBLISHED),))
    assert relay.publisher.published == ["a1"]
