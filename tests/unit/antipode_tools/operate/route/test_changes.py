"""What is written, and in which batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.route.changes import MOST_KEYS, Changes, between

names = st.one_of(
    st.just("routes"),
    st.integers(0, 200).map(lambda number: f"country:{number}"),
)
keys = st.dictionaries(names, st.sampled_from("abc"), max_size=150)


def test_only_what_differs_is_written() -> None:
    before = {"continent:EU": "1", "country:IE": "1", "country:NZ": "1"}
    after = {"continent:EU": "1", "country:IE": "2", "routes": "3"}
    assert between(before, after) == Changes(
        {"country:IE": "2", "routes": "3"}, deletes=("country:NZ",)
    )


@given(keys, keys)
def test_the_batches_turn_one_into_the_other_and_none_is_too_large(
    before: dict[str, str], after: dict[str, str]
) -> None:
    held = dict(before)
    for batch in between(before, after).batches():
        assert 0 < len(batch) <= MOST_KEYS
        held |= batch.puts
        for key in batch.deletes:
            del held[key]
    assert held == after


@given(keys, keys)
def test_the_routes_come_first_and_deletions_last(
    before: dict[str, str], after: dict[str, str]
) -> None:
    order = [
        key
        for batch in between(before, after).batches()
        for key in [*batch.puts, *(f"- {each}" for each in batch.deletes)]
    ]
    if "routes" in order:
        assert order[0] == "routes"
    gone = [key.startswith("- ") for key in order]
    assert gone == sorted(gone)
