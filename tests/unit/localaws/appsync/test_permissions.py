"""IAM's policies on root fields."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from localaws.appsync.permissions import Permissions
from localaws.appsync.ports import AuthMode, Identity, Unauthenticated
from tests.unit.localaws.appsync.fakes import BY_KEY, NOW, FakePolicies

ROLE = "arn:aws:iam::000000000000:role/relay"
RELAYED = Identity(AuthMode.AWS_IAM, policies_of=ROLE)
ARN = "arn:aws:appsync:eu-west-1:000000000000:apis/api"
PUBLISH, PUT, ITEM = ("Mutation", "publish"), ("Mutation", "put"), ("Query", "item")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def policies() -> FakePolicies:
    return FakePolicies()


def on(policies: FakePolicies, clock: Clock | None = None) -> Permissions:
    return Permissions(policies, ARN, clock or Clock())


async def test_callers_of_other_modes_have_no_policies(policies: FakePolicies) -> None:
    assert await on(policies).narrowed(BY_KEY, {PUT}) is BY_KEY
    assert policies.asked == []


async def test_the_very_field_is_asked_for(policies: FakePolicies) -> None:
    assert await on(policies).narrowed(RELAYED, {PUBLISH}) == RELAYED
    assert policies.asked == [(ROLE, f"{ARN}/types/Mutation/fields/publish")]


async def test_who_may_call_nothing_of_a_request_is_refused(policies: FakePolicies) -> None:
    policies.refused = {(ROLE, "/fields/put"), (ROLE, "/fields/item")}
    with pytest.raises(Unauthenticated) as refused:
        await on(policies).narrowed(RELAYED, {PUT, ITEM})
    assert (refused.value.error_type, refused.value.message) == (
        "UnauthorizedException",
        "Permission denied",
    )


async def test_who_may_call_a_part_is_denied_the_others(policies: FakePolicies) -> None:
    policies.refused = {(ROLE, "/fields/put")}
    narrowed = await on(policies).narrowed(RELAYED, {PUT, PUBLISH})
    assert narrowed == replace(RELAYED, denied=frozenset({PUT}))


async def test_a_request_for_introspection_alone_is_not_asked_for(policies: FakePolicies) -> None:
    assert await on(policies).narrowed(RELAYED, set()) == RELAYED


async def test_a_field_is_asked_for_once_in_ten_seconds(policies: FakePolicies) -> None:
    clock = Clock()
    permissions = on(policies, clock)
    await asyncio.gather(*(permissions.narrowed(RELAYED, {PUBLISH}) for _ in range(20)))
    clock.now += timedelta(seconds=9.9)
    await permissions.narrowed(RELAYED, {PUBLISH})
    assert len(policies.asked) == 1


async def test_a_change_is_noticed_by_a_question_that_nobody_waits_for(
    policies: FakePolicies,
) -> None:
    clock = Clock()
    permissions = on(policies, clock)
    await permissions.narrowed(RELAYED, {PUBLISH})
    policies.refused = {(ROLE, "/fields/publish")}
    clock.now += timedelta(seconds=10)
    for _ in range(3):
        assert await permissions.narrowed(RELAYED, {PUBLISH}) == RELAYED
    for _ in range(10):  # the question's task runs
        await asyncio.sleep(0)
    with pytest.raises(Unauthenticated):
        await permissions.narrowed(RELAYED, {PUBLISH})
    assert len(policies.asked) == 2


async def test_an_answer_of_iam_is_used_for_a_minute_at_most(policies: FakePolicies) -> None:
    clock = Clock()
    permissions = on(policies, clock)
    await permissions.narrowed(RELAYED, {PUBLISH})
    policies.refused = {(ROLE, "/fields/publish")}
    clock.now += timedelta(seconds=60)
    with pytest.raises(Unauthenticated):
        await permissions.narrowed(RELAYED, {PUBLISH})


async def test_what_iam_did_not_answer_is_asked_again() -> None:
    asked = []

    async def evaluate(principal: str, resource: str) -> bool:
        asked.append((principal, resource))
        if len(asked) == 1:
            raise OSError("no answer")
        return True

    permissions = Permissions(evaluate, ARN, Clock())
    with pytest.raises(OSError, match="no answer"):
        await permissions.narrowed(RELAYED, {PUBLISH})
    assert await permissions.narrowed(RELAYED, {PUBLISH}) == RELAYED
