"""The relay function as Lambda runs it: processes that die, are frozen, and run twice at once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from random import Random

from antipode.relay import undelivered
from antipode.relay.appsync import AppSync
from antipode.relay.connection import Connection
from antipode.relay.documents import Model
from antipode.relay.errors import QueueRefusedError
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.response import response

from bench.soak.ledger import Ledger
from bench.soak.service import Service, Wire
from localaws.event_source_mapping.messages import (
    FunctionFailed,
    NotInvoked,
    Outcome,
    Returned,
)
from localaws.json_value import Json

LANES = 32
# The default time-out of the function, less what the relay keeps back.
SECONDS = 55.0

# How often, of the invocations.
DIES, RUNS_TWICE, IS_THROTTLED, IS_REPLACED, LOSES_CONNECTIONS = 0.02, 0.01, 0.01, 0.01, 0.1
# How often the queue of undelivered changes refuses a message.
QUEUE_REFUSES = 0.3


class Process:
    """One execution environment: a relay, what it remembers, and its connections."""

    def __init__(
        self,
        number: int,
        models: dict[str, Model],
        service: Service,
        ledger: Ledger,
        random: Random,
    ) -> None:
        self.number = number
        self.wires: list[Wire] = []
        self._service, self._ledger, self._random = service, ledger, random
        self._relay = Relay(
            models=models,
            table_prefix="antipode-",
            region="eu-west-1",
            pace=Pace(LANES),
            publisher=AppSync("http://appsync/graphql", _sign, self._connect, service.now),
            queue=self,
            now=service.now,
            random=random.random,
        )

    async def handle(self, event: Json) -> Json:
        """One invocation."""
        self.wires = [wire for wire in self.wires if not wire.is_closed]
        return response(event, await self._relay.publish(event, seconds=SECONDS))

    async def send(self, body: str) -> None:
        """The queue of undelivered changes."""
        await asyncio.sleep(0.01)
        if self._random.random() < QUEUE_REFUSES:
            raise QueueRefusedError("the queue refused")
        message = undelivered.decode(body)
        number = int(message.record["eventID"].removeprefix("event-"))
        self._ledger.set_aside(number, message.reason)

    async def _connect(self, timeout: float) -> Connection:
        wire = await self._service.connect(self.number)
        self.wires.append(wire)
        return wire.connection


class Function:
    """The function of one shard, of which Lambda keeps one process warm."""

    def __init__(
        self, models: dict[str, Model], service: Service, ledger: Ledger, random: Random
    ) -> None:
        self.met: Counter[str] = Counter()
        self.second_runs: set[asyncio.Task[Json]] = set()
        self._models, self._service = models, service
        self._ledger, self._random = ledger, random
        self._process = self._started()

    async def invoke(self, event: str) -> Outcome:
        """Runs it, with whatever befalls it."""
        if self._befalls("throttled", IS_THROTTLED):
            return NotInvoked()
        if self._befalls("replaced while idle", IS_REPLACED):
            self._process = self._started()
        if self._befalls("frozen while connections closed", LOSES_CONNECTIONS):
            for wire in self._process.wires:
                wire.is_dead = True
        running = asyncio.ensure_future(self._process.handle(json.loads(event)))
        if self._befalls("died", DIES):
            await asyncio.wait([running], timeout=self._random.uniform(0, 0.5))
            running.cancel()
            self._process = self._started()
            return FunctionFailed()
        if self._befalls("ran twice at once", RUNS_TWICE):
            # Lambda lost sight of it: it goes on beside the process that gets its batch again.
            self.second_runs.add(running)
            running.add_done_callback(self.second_runs.discard)
            await asyncio.wait([running], timeout=self._random.uniform(0, 0.5))
            self._process = self._started()
            return FunctionFailed()
        return Returned(await running)

    def _befalls(self, what: str, part: float) -> bool:
        befalls = self._random.random() < part
        self.met[what] += befalls
        return befalls

    def _started(self) -> Process:
        self.met["started"] += 1
        number = self._service.next_process()
        return Process(number, self._models, self._service, self._ledger, self._random)


def _sign(body: bytes) -> dict[str, str]:
    return {"host": "appsync", "x-amz-date": "20261126T000000Z"}
