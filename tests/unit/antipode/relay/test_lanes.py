"""Order within a queue, and none between them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from random import Random

import pytest
from antipode.relay.lanes import Again, Lanes, Next
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_time import run

Step = tuple[str, int]


def queue(name: str, length: int) -> list[Step]:
    return [(name, number) for number in range(length)]


def work_off(
    elements: Sequence[Step], step: Callable[[Step], Awaitable[Next | Again]], *, lanes: int
) -> None:
    """Runs so many lanes over elements, each of which names its queue."""
    run(Lanes([(element[0], element) for element in elements], step).run(lanes))


def now() -> float:
    return asyncio.get_running_loop().time()


def test_with_one_lane_each_element_is_taken_in_its_place() -> None:
    taken: list[Step] = []

    async def step(element: Step) -> Next:
        taken.append(element)
        return Next.ADVANCE

    elements = [("a", 0), ("b", 0), ("a", 1)]
    work_off(elements, step, lanes=1)
    assert taken == elements


def test_no_elements_are_no_work() -> None:
    async def step(element: Step) -> Next:
        raise AssertionError("there is nothing to take")

    work_off([], step, lanes=8)


def test_a_halted_queue_goes_no_further_and_the_others_do() -> None:
    taken: list[Step] = []

    async def step(element: Step) -> Next:
        taken.append(element)
        return Next.HALT if element[0] == "a" else Next.ADVANCE

    work_off([*queue("a", 3), *queue("b", 2), ("a", 3)], step, lanes=1)
    assert taken == [("a", 0), ("b", 0), ("b", 1)]


def test_a_step_is_taken_again_after_its_time_while_others_go_on() -> None:
    taken: list[tuple[Step, float]] = []

    async def step(element: Step) -> Next | Again:
        taken.append((element, now()))
        return Again(after=1.5) if len(taken) == 1 else Next.ADVANCE

    work_off([*queue("a", 2), *queue("b", 2)], step, lanes=1)
    assert taken == [
        (("a", 0), 0.0),
        (("b", 0), 0.0),
        (("b", 1), 0.0),
        (("a", 0), 1.5),
        (("a", 1), 1.5),
    ]


def test_queues_that_are_ready_take_turns() -> None:
    taken: list[str] = []

    async def step(element: Step) -> Next:
        await asyncio.sleep(1)
        taken.append(f"{element[0]}{element[1]}")
        return Next.ADVANCE

    # The second lane is held by c, and reads all that follows before it has to wait for it.
    work_off([*queue("a", 2), *queue("b", 2), *queue("c", 3)], step, lanes=2)
    assert taken == ["a0", "b0", "a1", "b1", "c0", "c1", "c2"]


def test_lanes_work_at_the_same_time() -> None:
    ended: list[float] = []

    async def step(element: Step) -> Next:
        await asyncio.sleep(1)
        ended.append(now())
        return Next.ADVANCE

    work_off([(str(number), 0) for number in range(10)], step, lanes=4)
    assert ended == [1.0] * 4 + [2.0] * 4 + [3.0] * 2


def test_an_element_is_not_looked_at_before_a_lane_is_free_for_it() -> None:
    looked_at: list[int] = []
    seen: list[int] = []

    def elements() -> Iterator[tuple[str, Step]]:
        for number in range(5):
            looked_at.append(number)
            yield str(number), (str(number), number)

    async def step(element: Step) -> Next:
        seen.append(len(looked_at))
        await asyncio.sleep(1)
        return Next.ADVANCE

    run(Lanes(elements(), step).run(2))
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_a_step_raises_is_raised_and_the_other_lanes_are_stopped(lanes: int) -> None:
    ended: list[Step] = []

    async def step(element: Step) -> Next:
        if element[0] == "b":
            raise RuntimeError("a mistake of ours")
        try:
            await asyncio.sleep(lanes - 1)
        finally:
            ended.append(element)
        return Next.ADVANCE

    with pytest.raises(RuntimeError, match="a mistake of ours"):
        work_off([("a", 0), ("b", 0), ("c", 0)], step, lanes=lanes)
    assert ended == [("a", 0)]


# What each element of each queue does: how often it is taken again, and how it ends.
plans = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Next)), min_size=1, max_size=8),
    max_size=12,
)


@given(plans, st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_queue_is_a_row_in_its_order_whatever_fails(
    plans: list[list[tuple[int, Next]]], random: Random, lanes: int
) -> None:
    taken = defaultdict[str, list[int]](list)
    tries: dict[Step, int] = defaultdict(int)
    busy: set[str] = set()
    most = 0

    async def step(element: Step) -> Next | Again:
        nonlocal most
        name, number = element
        assert name not in busy, "two lanes hold the same queue"
        busy.add(name)
        most = max(most, len(busy))
        await asyncio.sleep(random.choice((0, 0.25, 1)))
        tries[element] += 1
        taken[name].append(number)
        again, end = plans[int(name)][number]
        busy.discard(name)
        return Again(after=0.5) if tries[element] <= again else end

    rest = [queue(str(index), len(plan)) for index, plan in enumerate(plans)]
    elements = []
    while rest := [each for each in rest if each]:
        elements.append(random.choice(rest).pop(0))
    work_off(elements, step, lanes=lanes)
    assert taken == {str(index): expected(plan) for index, plan in enumerate(plans)}
    assert most <= lanes


def expected(plan: list[tuple[int, Next]]) -> list[int]:
    """The numbers that a queue of this plan is taken at, in their order."""
    numbers: list[int] = []
    for number, (again, end) in enumerate(plan):
        numbers += [number] * (again + 1)
        if end is Next.HALT:
            break
    return numbers
