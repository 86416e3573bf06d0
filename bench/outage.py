"""An outage of AppSync by the clock, and the drain of its backlog beside what its quota allows.

`python -m bench.outage [--minutes 60] [--writes 10] [--quota 60] [--rates 0 20 40] [--json]`. One
shard, the mapping's own core with the template's settings, and the relay; the network and AppSync
are in memory, and the time is virtual: an hour takes seconds. While AppSync is away, clients write
in another Region, and their writes arrive by replication; once it is back they are home, and each
write takes one of the requests that the quota allows in a second, as each publish does. Ends with 1
if a change was lost or given up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from dataclasses import asdict, dataclass
from random import Random

from antipode.relay import undelivered
from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.documents import load
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.response import response

from antipode_tools.cli.display import table
from bench.invoking import ROOT
from bench.soak.function import LANES, SECONDS
from bench.soak.ledger import Ledger
from bench.soak.run import EPOCH
from bench.soak.shard import Shard
from localaws.event_source_mapping.messages import Outcome, Returned
from localaws.json_value import Json
from tests.fakes.clock import Clock
from tests.fakes.virtual_time import run

_CHANGE = re.compile(rb"event-(\d+)")


@dataclass(frozen=True)
class Case:
    """What is measured: writes and requests are a second's, and a rate of 0 is no bound."""

    minutes: float
    writes: float
    quota: float
    rate: int


@dataclass(frozen=True)
class Found:
    """What came of it.

    Args:
        waiting: the changes that waited when AppSync was back.
        drained_s: until none waited for longer than those of a second.
        allowed_s: what the rate allows, and the quota, less what clients take of it and add.
        refused: the share of the clients' own writes that AppSync refused meanwhile.
        lost, given_up: changes.
    """

    case: Case
    waiting: int
    drained_s: float
    allowed_s: float
    refused: float
    lost: int
    given_up: int


class AppSync:
    """Away until a time, and then within a quota of requests, of which a second's come at once."""

    def __init__(self, case: Case, clock: Clock, random: Random) -> None:
        self.back_at = clock.now + case.minutes * 60
        self.asked = self.refused = 0
        self.done = set[int]()
        self._quota, self._clock, self._random = case.quota, clock, random
        self._tokens, self._filled_at = case.quota, clock.now

    @property
    def is_back(self) -> bool:
        return self._clock.now >= self.back_at

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        """The relay's."""
        await asyncio.sleep(self._random.uniform(0.01, 0.04))
        if not self.is_back:
            return Answer(AnswerKind.RETRY, "status 503")
        if not self._take():
            return Answer(AnswerKind.THROTTLED, "status 429")
        found = _CHANGE.search(body)
        assert found is not None
        self.done.add(int(found[1]))
        return PUBLISHED

    def write(self) -> None:
        """A client's. Who is refused goes elsewhere, and the write arrives all the same."""
        if self.is_back:
            self.asked += 1
            self.refused += not self._take()

    async def send(self, body: str) -> None:
        """The queue of undelivered changes."""
        self.done.add(int(undelivered.decode(body).record["eventID"].removeprefix("event-")))

    def _take(self) -> bool:
        elapsed, self._filled_at = self._clock.now - self._filled_at, self._clock.now
        self._tokens = min(self._quota, self._tokens + elapsed * self._quota)
        is_there = self._tokens >= 1
        self._tokens -= is_there
        return is_there


class Function:
    """The relay's, of which one process stays warm."""

    def __init__(self, relay: Relay) -> None:
        self.second_runs = set[asyncio.Task[Json]]()
        self._relay = relay

    async def invoke(self, event: str) -> Outcome:
        batch = json.loads(event)
        return Returned(response(batch, await self._relay.publish(batch, seconds=SECONDS)))


class Steady(Shard):
    """Is written to at an even pace until the backlog is drained, and notes when that was."""

    waiting: int = 0
    drained_at: float = 0.0

    def follow(self, case: Case, appsync: AppSync) -> None:
        """What the writer goes by."""
        self._case, self._appsync = case, appsync

    async def write(self) -> None:
        case, appsync = self._case, self._appsync
        while not appsync.is_back or self._waits > case.writes:
            self._stream.append(self._written())
            appsync.write()
            await asyncio.sleep(1 / case.writes)
            if not self.waiting and appsync.is_back:
                self.waiting = self._waits
        self.drained_at, self._left = self._now(), 0

    @property
    def _waits(self) -> int:
        return self._ledger.written - len(self._appsync.done) - sum(self._ledger.aside.values())


def outage(case: Case, seed: int = 1) -> Found:
    """One outage and its drain."""
    clock, random = Clock(EPOCH), Random(seed)
    # Room for what comes while it drains, which takes many times the outage at most.
    ledger = Ledger(1_000 + int(20 * case.minutes * 60 * case.writes))
    appsync = AppSync(case, clock, random)
    relay = Relay(
        models=load((ROOT / "src" / "relay" / "publish.json").read_text()),
        table_prefix="antipode-",
        region="eu-west-1",
        pace=Pace(LANES, case.rate),
        publisher=appsync,
        queue=appsync,
        now=clock,
        random=random.random,
    )
    shard = Steady("shard", 1, Function(relay), ledger, random, clock)
    shard.follow(case, appsync)

    async def both() -> None:
        await asyncio.gather(shard.write(), shard.serve())

    run(both(), clock)
    spare = case.quota - case.writes  # clients are home again
    pace = min(case.rate or spare, spare) - case.writes
    given_up = sum(ledger.aside.values())
    return Found(
        case,
        waiting=shard.waiting,
        drained_s=round(shard.drained_at - appsync.back_at, 1),
        allowed_s=round((shard.waiting - case.writes) / pace, 1),
        refused=round(appsync.refused / max(1, appsync.asked), 3),
        lost=ledger.written - len(appsync.done) - given_up,
        given_up=given_up,
    )


def main() -> int:
    """Runs each rate, and says what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.outage")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--writes", type=float, default=10, help="of clients, in a second")
    parser.add_argument("--quota", type=float, default=60, help="requests in a second")
    parser.add_argument(
        "--rates", type=int, nargs="+", default=[0, 20, 40], help="PublishRate; 0 is no bound"
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    cases = [Case(chosen.minutes, chosen.writes, chosen.quota, rate) for rate in chosen.rates]
    if any(case.rate and case.rate <= case.writes for case in cases) or (
        chosen.quota <= 2 * chosen.writes or min(chosen.minutes, chosen.writes) <= 0
    ):
        parser.error("nothing drains: a rate and half the quota are over the writes")
    found = [outage(case) for case in cases]
    if chosen.json:
        print(json.dumps([asdict(each) for each in found], indent=2))  # noqa: T201
    else:
        print(_as_table(found))  # noqa: T201
    return int(any(each.lost or each.given_up for each in found))


def _as_table(found: list[Found]) -> str:
    heads = ("PublishRate", "waiting", "drained in s", "allowed s", "refused", "lost", "given up")
    rows = [
        (
            str(each.case.rate or "none"),
            f"{each.waiting:,}",
            f"{each.drained_s:,.0f}",
            f"{each.allowed_s:,.0f}",
            f"{each.refused:.1%}",
            str(each.lost),
            str(each.given_up),
        )
        for each in found
    ]
    return table(heads, rows)


if __name__ == "__main__":
    sys.exit(main())
