"""Key sets: fetched, kept, and fetched anew when the keys rotate."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from localaws.appsync.deployed import TokenIssuer
from localaws.appsync.key_sets import KeySets
from localaws.appsync.ports import Json
from tests.unit.localaws.appsync.fakes import NOW
from tests.unit.localaws.appsync.issuing import (
    DISCOVERY,
    JWKS,
    JWKS_OF_POOL,
    POOL,
    PROVIDER,
    FakeWeb,
    public,
    rsa_key,
    web,
)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def has(keys: KeySets, issuer: TokenIssuer, key_id: str | None) -> bool:
    return await keys.key(issuer, key_id) is not None


async def test_a_pools_keys_are_fetched_once() -> None:
    made = web()
    keys = KeySets(made, Clock())
    assert [await has(keys, POOL, "1") for _ in range(3)] == [True] * 3
    assert made.asked == [JWKS_OF_POOL]


async def test_a_providers_keys_are_found_by_its_discovery_document() -> None:
    made = web()
    assert await has(KeySets(made, Clock()), PROVIDER, "1")
    assert made.asked == [DISCOVERY, JWKS]


async def test_many_callers_at_once_fetch_once() -> None:
    made = web()
    keys = KeySets(made, Clock())
    assert all(await asyncio.gather(*(has(keys, POOL, "1") for _ in range(20))))
    assert made.asked == [JWKS_OF_POOL]


async def test_an_unknown_key_has_the_set_fetched_anew_but_not_at_once_again() -> None:
    made, clock = web(), Clock()
    keys = KeySets(made, clock)
    assert not await has(keys, POOL, "2")
    made.publish(public("2", rsa_key("2")))
    assert not await has(keys, POOL, "2")
    clock.pass_(10)
    assert await has(keys, POOL, "2")
    assert len(made.asked) == 2


async def test_a_key_that_was_taken_back_is_honoured_for_five_minutes() -> None:
    made, clock = web(), Clock()
    keys = KeySets(made, clock)
    assert await has(keys, POOL, "1")
    made.publish()
    clock.pass_(299)
    assert await has(keys, POOL, "1")
    clock.pass_(1)
    assert not await has(keys, POOL, "1")


async def test_keys_that_cannot_be_had_let_nobody_in_until_they_can() -> None:
    made, clock = FakeWeb(), Clock()
    keys = KeySets(made, clock)
    assert not await has(keys, POOL, "1")
    made.documents = web().documents
    assert not await has(keys, POOL, "1")
    clock.pass_(10)
    assert await has(keys, POOL, "1")


async def test_a_token_without_a_key_id_fits_a_key_without_one_alone() -> None:
    made = web()
    assert not await has(KeySets(made, Clock()), POOL, None)
    nameless = public("", rsa_key("1"))
    del nameless["kid"]
    made.publish(nameless)
    assert await has(KeySets(made, Clock()), POOL, None)


@pytest.mark.parametrize(
    "document",
    [b"", b"<html>", b"[" * 100_000, [], {}, {"keys": 7}, {"keys": [None, {}, {"kty": "oct"}]}],
)
async def test_what_is_no_key_set_holds_no_key(document: Json) -> None:
    made = FakeWeb({JWKS_OF_POOL: document, DISCOVERY: document})
    keys = KeySets(made, Clock())
    assert not await has(keys, POOL, "1")
    assert not await has(keys, PROVIDER, "1")


async def test_a_discovery_document_must_name_the_key_set() -> None:
    made = FakeWeb({DISCOVERY: {"jwks_uri": 7}})
    assert not await has(KeySets(made, Clock()), PROVIDER, "1")
