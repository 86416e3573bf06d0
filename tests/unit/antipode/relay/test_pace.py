"""How many publishes are on their way, and how many begin in a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from antipode.relay.answers import AnswerKind
from antipode.relay.pace import Pace
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock
from tests.fakes.virtual_time import run

NEVER = 1e9


def now() -> float:
    return asyncio.get_running_loop().time()


def publish(
    pace: Pace,
    count: int,
    answer: Callable[[], AnswerKind] = lambda: AnswerKind.PUBLISHED,
    *,
    deadline: float = NEVER,
    clock: Clock | None = None,
) -> list[float]:
    """When each of so many publishes began, all of them wanted at once; each takes a second."""
    began: list[float] = []

    async def one() -> None:
        if (turn := await pace.turn(deadline)) is not None:
            began.append(now())
            await asyncio.sleep(1)
            pace.end(turn, answer())

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    run(all_of_them(), clock)
    return began


def test_as_many_are_on_their_way_as_there_are_lanes() -> None:
    assert publish(Pace(3), 7) == [0.0] * 3 + [1.0] * 3 + [2.0]


def test_a_throttled_round_halves_them_once() -> None:
    pace = Pace(64)
    publish(pace, 64, lambda: AnswerKind.THROTTLED)
    assert pace.width == 32


def test_each_throttled_round_halves_them_down_to_one() -> None:
    pace, widths = Pace(32), []
    for _ in range(7):
        publish(pace, 1, lambda: AnswerKind.THROTTLED)
        widths.append(pace.width)
    assert widths == [16, 8, 4, 2, 1, 1, 1]


def test_each_round_that_is_taken_adds_one_up_to_the_lanes() -> None:
    pace, widths = Pace(8), []
    publish(pace, 1, lambda: AnswerKind.THROTTLED)
    for _ in range(6):
        widths.append(pace.width)
        publish(pace, pace.width + 1)
    assert widths == [4, 5, 6, 7, 8, 8]


@pytest.mark.parametrize("kind", [AnswerKind.RETRY, AnswerKind.REJECTED, AnswerKind.UNAUTHORIZED])
def test_other_answers_change_nothing(kind: AnswerKind) -> None:
    pace = Pace(8)
    publish(pace, 1, lambda: AnswerKind.THROTTLED)
    publish(pace, 100, lambda: kind)
    assert pace.width == 4


def test_fewer_wait_their_turn_once_they_are_halved() -> None:
    pace = Pace(4)
    publish(pace, 1, lambda: AnswerKind.THROTTLED)
    assert publish(pace, 4, lambda: AnswerKind.RETRY) == [0.0, 0.0, 1.0, 1.0]


def test_a_rate_spreads_what_begins() -> None:
    assert publish(Pace(10, rate=4), 5) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_a_rate_is_one_over_all_batches_of_a_process() -> None:
    pace, clock = Pace(10, rate=0.5), Clock()
    assert publish(pace, 1, clock=clock) == [0.0]
    assert publish(pace, 2, clock=clock) == [2.0, 4.0]


def test_what_was_not_used_of_a_rate_is_caught_up_on_for_a_moment_alone() -> None:
    pace, clock = Pace(100, rate=100), Clock(1_000)
    began = publish(pace, 20, clock=clock)
    assert began.count(1_000.0) == 6  # a twentieth of a second's worth, and the one that is due
    assert began[-1] == pytest.approx(1_000.14)


def test_no_turn_comes_after_the_deadline() -> None:
    assert publish(Pace(10, rate=4), 5, deadline=0.6) == [0.0, 0.25, 0.5]
    assert publish(Pace(2), 7, deadline=2.5) == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    assert publish(Pace(2), 7, deadline=0.5) == [0.0, 0.0]


def test_a_turn_that_is_given_up_is_free_again() -> None:
    async def give_up() -> None:
        pace = Pace(1, rate=1)
        taken = await pace.turn(NEVER)
        assert taken is not None
        waiting = [asyncio.ensure_future(pace.turn(NEVER)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()  # it waits for a turn
        pace.end(taken, None)
        await asyncio.sleep(0.5)
        waiting[1].cancel()  # it has one, and waits for its moment
        await asyncio.gather(*waiting, return_exceptions=True)
        assert await pace.turn(NEVER) is not None

    run(give_up())


kinds = st.lists(st.sampled_from(AnswerKind), max_size=200)


@given(kinds, st.integers(1, 70), st.sampled_from([0, 1, 50]), st.integers(0, 20))
def test_there_are_never_more_than_the_lanes_and_never_fewer_than_one(
    kinds: list[AnswerKind], lanes: int, rate: float, deadline: int
) -> None:
    pace, answers = Pace(lanes, rate), iter(kinds)
    most = taken = turns = 0

    async def one() -> None:
        nonlocal most, taken, turns
        if (turn := await pace.turn(deadline)) is None:
            assert rate or now() >= deadline
            return
        taken, turns = taken + 1, turns + 1
        most = max(most, taken)
        assert now() < deadline
        await asyncio.sleep(0.3)
        taken -= 1
        pace.end(turn, next(answers))
        assert 1 <= pace.width <= lanes

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in kinds))

    run(all_of_them())
    assert most <= lanes
    assert turns == len(kinds) or rate or deadline < 0.3 * len(kinds) + 1
