"""Whether both tables hold the same, and what does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.digests import PARTS, Parts, canonical, same
from antipode_tools.operate.backfill.ports import Item
from antipode_tools.operate.backfill.verifying import Differences, Verdict, Verification
from tests.unit.antipode_tools.operate.backfill.tables import FORM, MemoryTable, item, reader


def compared(
    source: MemoryTable, target: MemoryTable, form: Form = FORM, most_held: int = 1000
) -> Verdict:
    return Verification(source, target, form, reader(), lambda _: None, most_held).run()


def name(id_: str) -> str:
    return f'{{"id": "{id_}"}}'


def test_two_tables_that_hold_the_same_are_read_once() -> None:
    source, target = (MemoryTable().fill(item(f"i{n}") for n in range(50)) for _ in "ab")
    assert compared(source, target) == Verdict(50, 50, 0, (0, 0), Differences())
    assert source.calls == target.calls == ["page"] * 8


def test_what_differs_is_named_by_what_is_the_matter_with_it() -> None:
    source = MemoryTable().fill(item(f"i{n}", 10) for n in range(50))
    target = MemoryTable().fill(item(f"i{n}", 10) for n in range(1, 50))
    target.fill([item("i1", 9), item("i2", 10, text="otherwise"), item("i3", 11), item("new")])
    verdict = compared(source, target)
    assert verdict == Verdict(
        50,
        50,
        0,
        (5, 5),
        Differences((name("i0"),), (name("i1"), name("i2")), (name("i3"),), (name("new"),)),
    )
    assert not verdict.holds


def test_what_is_newer_or_at_the_target_alone_is_as_it_should_be() -> None:
    source = MemoryTable().fill([item("a", 1), item("b", 1)])
    target = MemoryTable().fill([item("a", 2), item("b", 1), item("c", 1)])
    verdict = compared(source, target)
    assert verdict.differences == Differences(newer=(name("a"),), added=(name("c"),))
    assert verdict.holds


def test_what_was_left_out_is_not_missing() -> None:
    source = MemoryTable(key=("at",)).fill(
        [
            {**item("a"), "at": {"N": "1"}, "_deleted": {"BOOL": True}},
            {"at": {"N": "2"}},
            {**item("b"), "at": {"N": "3"}},
        ]
    )
    target = MemoryTable().fill([{**item("b"), "at": {"N": "3"}}])
    assert compared(source, target) == Verdict(1, 1, 2, (0, 0), Differences())


def test_a_null_is_not_missed() -> None:
    source = MemoryTable().fill([{**item("a"), "note": {"NULL": True}}])
    assert compared(source, MemoryTable().fill([item("a")])).parts == (0, 0)
    assert compared(source, MemoryTable().fill([item("a", text="x")])).differences == (
        Differences(older=(name("a"),))
    )


def test_of_two_items_with_one_key_of_the_models_the_newer_counts() -> None:
    old, new = ({**item("a", n), "at": {"N": str(n)}} for n in (1, 2))
    source = MemoryTable(key=("at",)).fill([old, new])
    verdict = compared(source, MemoryTable().fill([new]))
    assert verdict == Verdict(2, 1, 0, (1, 1), Differences())
    assert verdict.holds


def test_only_so_many_items_are_held_in_memory_and_it_is_said() -> None:
    source = MemoryTable().fill(item(f"i{n}") for n in range(50))
    verdict = compared(source, MemoryTable(), most_held=3)
    different, looked_at = verdict.parts
    assert (looked_at, different) == (3, len(source.items))
    assert len(verdict.differences.missing) == 3
    assert not verdict.holds


values = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text(max_size=3)),
        st.builds(lambda number: {"N": str(number)}, st.integers(-9, 9)),
        st.builds(lambda data: {"B": data}, st.binary(max_size=2)),
        st.builds(lambda is_it: {"BOOL": is_it}, st.booleans()),
        st.just({"NULL": True}),
        st.builds(
            lambda texts: {"SS": texts}, st.lists(st.text(max_size=2), min_size=1, unique=True)
        ),
        st.builds(
            lambda data: {"BS": data},
            st.lists(st.binary(max_size=2), min_size=1, max_size=3, unique=True),
        ),
    ),
    lambda inner: st.one_of(
        st.builds(lambda each: {"L": each}, st.lists(inner, max_size=3)),
        st.builds(
            lambda each: {"M": each}, st.dictionaries(st.text(max_size=2), inner, max_size=3)
        ),
    ),
    max_leaves=5,
)
items = st.dictionaries(st.text(min_size=1, max_size=3), values, max_size=4)


@given(items, items)
def test_two_items_have_one_text_only_if_they_are_the_same(one: Item, other: Item) -> None:
    def ordered(value: object) -> object:
        match value:
            case {"SS": list(members)} | {"BS": list(members)}:
                return sorted(members)
            case {"L": list(members)}:
                return [ordered(each) for each in members]
            case dict():
                return {name: ordered(each) for name, each in value.items()}
            case _:
                return value

    is_same = ordered(one) == ordered(other)
    assert (canonical(one) == canonical(other)) is is_same
    assert same(one, other) is is_same


@given(st.dictionaries(st.text(max_size=4), items, max_size=8), st.randoms())
def test_a_digest_does_not_go_by_the_order(many: dict[str, Item], random: object) -> None:
    there, back = Parts(), Parts()
    names = list(many)
    for each in names:
        there.add(each, many[each])
    random.shuffle(names)  # type: ignore[attr-defined] # it is a random.Random
    for each in names:
        back.add(each, many[each])
    assert there.different(back) == []
    assert there.count == len(many)


@given(st.dictionaries(st.text(max_size=4), items, min_size=1, max_size=8), items)
def test_a_digest_shows_any_change(many: dict[str, Item], otherwise: Item) -> None:
    changed = next(iter(many))
    there, here = Parts(), Parts()
    for each, its in many.items():
        there.add(each, its)
        here.add(each, otherwise if each == changed else its)
    assert len(there.different(here)) == (not same(many[changed], otherwise))
    assert len(there.counts) == PARTS
