"""A short run of what `python -m tests.fuzz` does for longer, and that it would find something."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from localaws.appsync.ports import AuthMode
from localaws.serving import serving
from localaws.sockets import listen, number
from tests.fuzz.mutation import Mutator
from tests.fuzz.run import fuzz
from tests.fuzz.targets import ENTRIES, Finding
from tests.unit.localaws.appsync.modes import Served

ROUNDS = 40


async def test_nothing_that_is_sent_crashes_anything_or_is_a_fault() -> None:
    told = await fuzz(Random(20260102), rounds=ROUNDS)
    assert told.findings == []
    assert set(told.cases.values()) == {ROUNDS}


async def broken(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers everything with a fault."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-ws"})
        await send({"type": "websocket.close", "code": 1011})
    else:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def test_a_fault_is_found_at_every_entry() -> None:
    with listen(0) as listener:
        served = Served(AuthMode.API_KEY, f"127.0.0.1:{number(listener)}")
        async with serving(broken, listener):
            for entry in ENTRIES:
                with pytest.raises(Finding, match=r"1011|500"):
                    await until_found(entry(served))


async def until_found(target: Any) -> None:
    """Some inputs do not get as far as the server."""
    mutator = Mutator(Random(1))
    for _ in range(20):
        await target.case(mutator)


def test_the_same_seed_makes_the_same_inputs() -> None:
    def made() -> list[bytes]:
        mutator = Mutator(Random(7))
        return [mutator.raw(b'{"query": "{ items { id } }"}') for _ in range(50)]

    assert made() == made()
    assert len(set(made())) > 30
