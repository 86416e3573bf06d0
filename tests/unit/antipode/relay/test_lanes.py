"""Order within a queue, and none between them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

import pytest
from antipode.relay.lanes import Again, Lanes, Next
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock

Step = tuple[str, int]


def queue(name: str, length: int) -> deque[Step]:
    return deque((name, number) for number in range(length))


def test_each_queue_is_worked_off_in_its_order() -> None:
    taken: list[Step] = []

    def step(element: Step) -> Next:
        taken.append(element)
        return Next.ADVANCE

    clock = Clock()
    Lanes([queue("a", 2), queue("b", 1)], step, clock=clock, sleep=clock.sleep).run(1)
    assert taken == [("a", 0), ("b", 0), ("a", 1)]


def test_no_queues_are_no_work() -> None:
    clock = Clock()
    Lanes[Step]([], lambda element: Next.ADVANCE, clock=clock, sleep=clock.sleep).run(8)


def test_a_halted_queue_goes_no_further_and_the_others_do() -> None:
    taken: list[Step] = []

    def step(element: Step) -> Next:
        taken.append(element)
        return Next.HALT if element[0] == "a" else Next.ADVANCE

    clock = Clock()
    Lanes([queue("a", 3), queue("b", 2)], step, clock=clock, sleep=clock.sleep).run(1)
    assert taken == [("a", 0), ("b", 0), ("b", 1)]


def test_a_step_is_taken_again_after_its_time_while_others_go_on() -> None:
    taken: list[tuple[Step, float]] = []
    clock = Clock()

    def step(element: Step) -> Next | Again:
        taken.append((element, clock()))
        return Again(after=1.5) if taken.count((("a", 0), 0.0)) == len(taken) else Next.ADVANCE

    Lanes([queue("a", 2), queue("b", 2)], step, clock=clock, sleep=clock.sleep).run(1)
    assert taken == [
        (("a", 0), 0.0),
        (("b", 0), 0.0),
        (("b", 1), 0.0),
        (("a", 0), 1.5),
        (("a", 1), 1.5),
    ]


def test_a_long_queue_starves_no_other() -> None:
    taken: list[str] = []

    def step(element: Step) -> Next:
        taken.append(element[0])
        return Next.ADVANCE

    queues = [queue("hot", 1_000), *(queue(f"cold {number}", 1) for number in range(10))]
    clock = Clock()
    Lanes(queues, step, clock=clock, sleep=clock.sleep).run(1)
    assert taken.index("cold 9") == 10


def test_lanes_work_at_the_same_time() -> None:
    meeting = threading.Barrier(4, timeout=10)

    def step(element: Step) -> Next:
        meeting.wait()
        return Next.ADVANCE

    clock = Clock()
    queues = [queue(str(number), 1) for number in range(8)]
    Lanes(queues, step, clock=clock, sleep=clock.sleep).run(4)
    assert not meeting.broken


def test_there_are_no_more_lanes_than_asked_for() -> None:
    threads: set[int] = set()

    def step(element: Step) -> Next:
        threads.add(threading.get_ident())
        return Next.ADVANCE

    clock = Clock()
    Lanes([queue(str(n), 2) for n in range(100)], step, clock=clock, sleep=clock.sleep).run(3)
    assert len(threads) <= 3


def test_a_single_queue_needs_no_thread() -> None:
    threads: set[int] = set()

    def step(element: Step) -> Next:
        threads.add(threading.get_ident())
        return Next.ADVANCE

    clock = Clock()
    Lanes([queue("hot", 5)], step, clock=clock, sleep=clock.sleep).run(16)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_a_step_raises_is_raised(lanes: int) -> None:
    def step(element: Step) -> Next:
        raise RuntimeError("a mistake of ours")

    clock = Clock()
    running = Lanes([queue("a", 1), queue("b", 1)], step, clock=clock, sleep=clock.sleep)
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        running.run(lanes)


# What each element of each queue does: how often it is taken again, and how it ends.
plans = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Next)), min_size=1, max_size=8),
    max_size=12,
)


@given(plans, st.integers(1, 6))
def test_a_queue_is_a_row_in_its_order_whatever_fails(
    plans: list[list[tuple[int, Next]]], lanes: int
) -> None:
    clock, taken = Clock(), defaultdict[str, list[int]](list)
    tries: dict[Step, int] = defaultdict(int)
    busy: set[str] = set()

    def step(element: Step) -> Next | Again:
        name, number = element
        assert name not in busy, "two lanes hold the same queue"
        busy.add(name)
        time.sleep(0)  # lets another lane run
        tries[element] += 1
        taken[name].append(number)
        again, end = plans[int(name)][number]
        busy.discard(name)
        return Again(after=0.5) if tries[element] <= again else end

    queues = [queue(str(index), len(plan)) for index, plan in enumerate(plans)]
    Lanes(queues, step, clock=clock, sleep=clock.sleep).run(lanes)
    assert taken == {str(index): expected(plan) for index, plan in enumerate(plans)}


def expected(plan: list[tuple[int, Next]]) -> list[int]:
    """The numbers that a queue of this plan is taken at, in their order."""
    numbers: list[int] = []
    for number, (again, end) in enumerate(plan):
        numbers += [number] * (again + 1)
        if end is Next.HALT:
            break
    return numbers
