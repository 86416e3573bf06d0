from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

import pytest
from antipode.health.board import PATIENCE_S, Board, CannotServeError, Check, Condition, Part
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock


@dataclass
class AtOnce(Executor):
    """Does what it is given before it returns, but for what was told to hang."""

    hanging: set[Part] = field(default_factory=set)
    held: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = field(
        default_factory=list
    )

    # Any: as the standard library has it.
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if args[0].part in self.hanging:
            self.held.append((future, fn, args))
        else:
            future.set_result(fn(*args))
        return future

    def release(self) -> None:
        """What hung comes to an end."""
        for future, function, arguments in self.held:
            future.set_result(function(*arguments))
        self.held.clear()


@dataclass
class Looks:
    """Counts its looks, and finds what it is told to find."""

    finds: Exception | None = None
    times: int = 0

    def __call__(self) -> None:
        self.times += 1
        if self.finds is not None:
            raise self.finds


@dataclass
class Region:
    """A board over every part, with a clock that stands still."""

    looks: dict[Part, Looks] = field(default_factory=lambda: {part: Looks() for part in Part})
    clock: Clock = field(default_factory=Clock)
    executor: AtOnce = field(default_factory=AtOnce)

    def board(self, keep_s: float = 5.0) -> Board:
        checks = [Check(part, look, keep_s) for part, look in self.looks.items()]
        return Board(checks, clock=self.clock, executor=self.executor, patience_s=0)


def failing(board: Board) -> list[Part]:
    return [part for part, each in board.conditions().items() if each is Condition.FAILING]


def test_a_region_whose_parts_are_well_fails_in_none() -> None:
    assert failing(Region().board()) == []


@pytest.mark.parametrize("part", Part)
def test_a_part_that_cannot_serve_is_named_and_its_reason_stays_in_the_log(
    part: Part, caplog: pytest.LogCaptureFixture
) -> None:
    region = Region()
    region.looks[part].finds = CannotServeError("for a reason")
    with caplog.at_level(logging.WARNING):
        assert failing(region.board()) == [part]
    assert caplog.messages == [f"{part} cannot serve: for a reason"]


def test_whatever_a_look_raises_is_a_failure() -> None:
    region = Region()
    region.looks[Part.DATA].finds = RuntimeError("unheard of")
    region.looks[Part.API].finds = ConnectionRefusedError()
    assert failing(region.board()) == [Part.DATA, Part.API]


@dataclass
class Doubtful:
    """A board over the relay alone, which is taken as degraded while nothing is known of it."""

    look: Looks = field(default_factory=Looks)
    executor: AtOnce = field(default_factory=AtOnce)

    def conditions(self) -> dict[Part, Condition]:
        check = Check(Part.RELAY, self.look, 5.0, in_doubt=Condition.DEGRADED)
        return Board([check], clock=Clock(), executor=self.executor, patience_s=0).conditions()


def test_a_part_that_could_not_be_looked_at_is_degraded_where_doubt_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = Doubtful(Looks(PermissionError("not allowed")))
    assert refused.conditions() == {Part.RELAY: Condition.DEGRADED}
    assert caplog.messages == ["relay could not be looked at: taken as degraded"]
    hanging = Doubtful(executor=AtOnce(hanging={Part.RELAY}))
    assert hanging.conditions() == {Part.RELAY: Condition.DEGRADED}


def test_what_cannot_serve_is_failing_whatever_doubt_counts_as() -> None:
    assert Doubtful(Looks(CannotServeError("in alarm"))).conditions() == {
        Part.RELAY: Condition.FAILING
    }


def test_a_part_is_looked_at_once_however_many_ask_while_the_finding_holds() -> None:
    region = Region()
    board = region.board(keep_s=5)
    for _ in range(1000):
        failing(board)
        region.clock.now += 0.004
    assert {part: look.times for part, look in region.looks.items()} == dict.fromkeys(Part, 1)
    region.clock.now += 1.5
    failing(board)
    assert {part: look.times for part, look in region.looks.items()} == dict.fromkeys(Part, 2)


def test_a_failure_holds_no_longer_than_a_success() -> None:
    region = Region()
    board = region.board(keep_s=5)
    region.looks[Part.DATA].finds = CannotServeError()
    assert failing(board) == [Part.DATA]
    region.looks[Part.DATA].finds = None
    region.clock.now += 4.9
    assert failing(board) == [Part.DATA]
    region.clock.now += 0.1
    assert failing(board) == []


def test_a_part_that_hangs_fails_and_is_not_looked_at_twice_at_once() -> None:
    region = Region(executor=AtOnce(hanging={Part.API}))
    board = region.board()
    assert failing(board) == [Part.API]
    region.clock.now += 60
    assert failing(board) == [Part.API]
    assert len(region.executor.held) == 1


def test_a_part_that_hung_is_well_once_its_look_has_come_to_an_end() -> None:
    region = Region(executor=AtOnce(hanging={Part.API}))
    board = region.board()
    assert failing(board) == [Part.API]
    region.executor.release()
    assert failing(board) == []


def test_a_part_that_was_well_and_now_hangs_fails() -> None:
    region = Region()
    board = region.board(keep_s=5)
    assert failing(board) == []
    region.executor.hanging.add(Part.DATA)
    region.clock.now += 5
    assert failing(board) == [Part.DATA]


def test_the_answer_comes_in_time_for_route_53() -> None:
    assert PATIENCE_S < 2


@given(st.sets(st.sampled_from(list(Part))), st.sets(st.sampled_from(list(Part))))
def test_exactly_what_fails_or_hangs_is_named(broken: set[Part], hanging: set[Part]) -> None:
    region = Region(executor=AtOnce(hanging=set(hanging)))
    for part in broken:
        region.looks[part].finds = CannotServeError()
    assert failing(region.board()) == [part for part in Part if part in broken | hanging]
