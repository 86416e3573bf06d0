"""What a copy counts, leaves out and takes back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from antipode_tools.operate.backfill.copying import Backfill
from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.ports import Expected, Item, ThrottledError
from antipode_tools.operate.backfill.state import Segment, State, Tally
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.backfill.tables import (
    FORM,
    MemoryTable,
    item,
    one_after_the_other,
    reader,
)

ONE = State("tables", (Segment(),))


def copied(
    source: MemoryTable,
    target: MemoryTable,
    state: State = ONE,
    form: Form = FORM,
    clock: Clock | None = None,
) -> list[State]:
    """Every state that was kept."""
    kept: list[State] = []
    Backfill(source, target, form, kept.append, lambda *_: None, reader(clock)).run(state)
    return kept


def texts(table: MemoryTable) -> Mapping[str, Item]:
    return {each["id"]["S"]: each for each in table.items.values()}


def test_all_items_are_copied_as_they_are_and_counted() -> None:
    source = MemoryTable().fill(item(f"i{n}", text="x") for n in range(60))
    target = MemoryTable().fill(
        [item("i0", text="x"), item("i1", 30, text="y"), item("i2", text="y"), item("other")]
    )
    source.fill([item("i2", 1, text="x")])
    kept = copied(source, target)
    assert kept[-1] == State(
        "tables", (Segment(done=True),), Tally(read=60, written=58, there=1, newer=1)
    )
    assert texts(target) == {
        **texts(source),
        "i1": item("i1", 30, text="y"),
        "other": item("other"),
    }


def test_it_is_kept_what_is_about_to_be_written_before_it_is() -> None:
    source, target = MemoryTable().fill([item("a", 1, text="x")]), MemoryTable()
    kept: list[State] = []
    at: list[int] = []
    target.before = lambda doing: at.append(len(kept)) if doing == "put" else None
    Backfill(source, target, FORM, kept.append, lambda *_: None, reader()).run(ONE)
    assert at == [1]
    assert [state.pending for state in kept] == [(item("a", 1),), ()]


def test_what_datastore_deleted_and_what_has_no_key_is_left_out() -> None:
    deleted = {**item("a"), "_deleted": {"BOOL": True}}
    source = MemoryTable(key=("id", "at")).fill(
        [{**deleted, "at": {"N": "1"}}, {**item("b"), "at": {"N": "2"}}]
    )
    target = MemoryTable(key=("id", "board"))
    form = Form({"id": "S", "board": "S"}, "updatedAt")
    assert copied(source, target, form=form)[-1].tally == Tally(
        read=2,
        unfit=2,
        named=(
            '{"at": {"N": "1"}, "id": "a"}: no board',
            '{"at": {"N": "2"}, "id": "b"}: no board',
        ),
    )
    assert copied(source, MemoryTable())[-1].tally == Tally(read=2, written=1, deleted=1)


def test_nulls_are_not_copied_since_the_api_stores_none() -> None:
    source = MemoryTable().fill(
        [{**item("a", text="x"), "note": {"NULL": True}, "more": {"L": [{"NULL": True}]}}]
    )
    target = MemoryTable()
    copied(source, target)
    assert texts(target) == {"a": {**item("a", text="x"), "more": {"L": [{"NULL": True}]}}}
    assert copied(source, target)[-1].tally == Tally(read=1, there=1)


def test_of_two_items_with_one_key_of_the_models_the_newer_stays() -> None:
    source = MemoryTable(key=("id", "at"))
    old, new = ({**item("a", n), "at": {"N": str(n)}} for n in (1, 2))
    for both in ([old, new], [new, old]):
        target = MemoryTable()
        source.items = {}
        kept = copied(source.fill(both), target)
        assert texts(target) == {"a": new}
        assert kept[-1].tally.read == 2


def test_what_is_deleted_at_the_source_while_it_is_copied_is_deleted_again() -> None:
    source, target = MemoryTable().fill([item("a", 1), item("b", 1)]), MemoryTable()

    def delete(doing: str) -> None:
        if doing == "find":
            source.items = {name: each for name, each in source.items.items() if "b" in name}

    target.before = delete
    assert copied(source, target)[-1].tally == Tally(read=2, written=1, withdrawn=1)
    assert texts(target) == {"b": item("b", 1)}


def test_what_a_client_wrote_over_a_copy_is_not_deleted_with_it() -> None:
    source, target = MemoryTable().fill([item("a", 1)]), MemoryTable()
    written = {**item("a", 1), "version": {"N": "1"}}

    def write(doing: str) -> None:
        if doing == "find":
            source.items = {}
            target.fill([written])

    source.before = write
    assert copied(source, target)[-1].tally == Tally(read=1, written=1)
    assert texts(target) == {"a": written}


@pytest.mark.parametrize("there", [[], [item("a", 1)]])
def test_what_a_client_writes_at_this_moment_is_not_written_over(there: list[Item]) -> None:
    source, target = MemoryTable().fill([item("a", 2)]), MemoryTable().fill(there)
    written = item("a", 3)

    def write(doing: str) -> None:
        if doing == "put":
            target.fill([written])

    target.before = write
    assert copied(source, target)[-1].tally == Tally(read=1, newer=1)
    assert texts(target) == {"a": written}


def test_what_a_client_deletes_at_this_moment_is_not_written_again() -> None:
    source, target = MemoryTable().fill([item("a", 2)]), MemoryTable().fill([item("a", 1)])

    def delete(doing: str) -> None:
        if doing == "put":
            target.items = {}

    target.before = delete
    assert copied(source, target)[-1].tally == Tally(read=1, newer=1)
    assert target.calls == ["find", "put", "find"]


def test_a_run_begins_with_what_the_last_one_was_about_to_write() -> None:
    # It had written "a", which was deleted at the source since, and then at the target, or so
    # whoever deleted it believes.
    source, target = MemoryTable(), MemoryTable().fill([item("a", 1, text="x")])
    traces = FORM.traces(source.key, item("a", 1, text="x"))
    kept = copied(source, target, State("tables", (Segment(),), pending=(traces,)))
    assert kept == [State("tables", (Segment(done=True),), Tally(withdrawn=1))]
    assert target.items == {}


def test_a_throttled_read_is_waited_for_and_slows_the_writes() -> None:
    clock, source, target = Clock(1000.0), MemoryTable().fill([item("a")]), MemoryTable()
    refusals = iter([True, True])

    def refuse(_: str) -> None:
        if next(refusals, False):
            raise ThrottledError("too much")

    source.before = refuse
    assert copied(source, target, clock=clock)[-1].tally == Tally(read=1, written=1)
    assert clock.slept == pytest.approx([1 / 500, 1 / 250])


def test_writes_are_as_many_a_second_as_they_may_be() -> None:
    clock = Clock(1000.0)
    source, target = MemoryTable().fill(item(f"i{n}") for n in range(100)), MemoryTable()
    Backfill(source, target, FORM, lambda _: None, lambda *_: None, reader(clock, most=20)).run(ONE)
    assert clock.now - 1000.0 >= 100 / 20 - 0.2
    assert len(target.items) == 100


def test_calls_are_made_side_by_side() -> None:
    widths: list[int] = []

    def together(calls):  # type: ignore[no-untyped-def] # any calls
        widths.append(len(calls))
        return one_after_the_other(calls)

    its = reader()
    wide = type(its)(its.pace, together, its.clock, its.sleep)
    source = MemoryTable().fill(item(f"i{n}") for n in range(100))
    Backfill(source, MemoryTable(), FORM, lambda _: None, lambda *_: None, wide).run(
        State("tables", (Segment(),) * 4)
    )
    assert widths[0] == 4
    assert max(widths) > 20


def test_an_expectation_without_an_item_is_that_there_is_none() -> None:
    assert FORM.as_seen(None) == Expected(None)
