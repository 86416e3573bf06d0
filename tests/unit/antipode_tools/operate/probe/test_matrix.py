from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.probe.matrix import (
    Cell,
    Heard,
    Kind,
    Limits,
    Write,
    beyond,
    judged,
    missing,
)

REGIONS = ("ireland", "sydney")


def write(item: str = "a", kind: Kind = Kind.CREATE, *, at: float = 0.0) -> Write:
    return Write("sydney", item, kind, at)


def heard(
    item: str = "a",
    kind: Kind = Kind.CREATE,
    *,
    region: str = "ireland",
    change: str = "1",
    sequence: int = 1,
    at: float = 0.02,
) -> Heard:
    return Heard(region, item, kind, change, sequence, at)


def test_what_is_heard_everywhere_is_lost_nowhere() -> None:
    matrix = judged(REGIONS, [write()], [heard(), heard(region="sydney", at=0.01)])
    assert matrix["sydney"] == {"ireland": Cell([20]), "sydney": Cell([10])}
    assert matrix["ireland"] == {"ireland": Cell([]), "sydney": Cell([])}


def test_what_one_region_does_not_hear_is_lost_there_alone() -> None:
    assert judged(REGIONS, [write()], [heard(region="sydney")])["sydney"] == {
        "ireland": Cell([], lost=1),
        "sydney": Cell([20]),
    }


def test_a_change_that_is_announced_again_is_a_double_and_counts_once() -> None:
    told = [heard(), heard(at=0.03)]
    assert judged(REGIONS, [write()], told)["sydney"]["ireland"] == Cell([20], doubled=1)


def test_a_lower_sequence_after_a_higher_one_of_the_same_item_is_out_of_order() -> None:
    writes = [write(), write(kind=Kind.UPDATE)]
    told = [
        heard(kind=Kind.UPDATE, change="2", sequence=10, at=0.02),
        heard(change="1", sequence=9, at=0.03),
    ]
    assert judged(REGIONS, writes, told)["sydney"]["ireland"] == Cell([20, 30], disordered=1)


def test_items_have_no_order_between_them() -> None:
    writes = [write("a"), write("b")]
    told = [heard("b", change="2", sequence=10), heard("a", change="1", sequence=9)]
    assert judged(REGIONS, writes, told)["sydney"]["ireland"].disordered == 0


def test_what_others_write_meanwhile_is_left_out() -> None:
    told = [heard(), heard("theirs", change="2")]
    assert judged(REGIONS, [write()], told)["sydney"]["ireland"] == Cell([20])


def test_what_is_still_to_come_is_counted_for_every_region() -> None:
    assert missing(REGIONS, [write(), write("b")], [heard()]) == 3


def test_a_percentile_is_a_time_within_which_so_many_came() -> None:
    cell = Cell(list(range(1, 201)))
    assert (cell.percentile(50), cell.percentile(99), cell.percentile(100)) == (100, 198, 200)
    assert Cell([], lost=1).percentile(50) is None


@given(st.lists(st.integers(0, 10_000), min_size=1), st.floats(0, 100))
def test_a_percentile_is_always_one_of_the_times(times: list[int], percent: float) -> None:
    found = Cell(sorted(times)).percentile(percent)
    assert found in times
    assert found is not None
    assert sum(time <= found for time in times) >= percent / 100 * len(times) - 1e-9


def test_within_the_limits_there_is_nothing_to_say() -> None:
    assert beyond({"sydney": {"ireland": Cell([20])}}, Limits(p99=20)) == []


def test_each_limit_that_is_exceeded_is_named_with_both_numbers() -> None:
    matrix = {"sydney": {"ireland": Cell([2_000], lost=2, doubled=3, disordered=1)}}
    assert beyond(matrix, Limits(p99=1_000, lost=1, doubled=2)) == [
        "2 announcements were lost, and 1 may be",
        "3 announcements came twice, and 2 may",
        "1 announcements came out of order, of sydney's writes in ireland",
        "p99 is 2000 ms from sydney to ireland, and 1000 ms are allowed",
    ]
