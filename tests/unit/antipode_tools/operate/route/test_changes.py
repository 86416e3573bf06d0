"""What is written, and in which portions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.route.changes import MOST_KEYS, Changes, between

names = st.one_of(
    st.sampled_from(["regions", "drained", "default"]),
    st.integers(0, 200).map(lambda number: f"country:{number}"),
)
keys = st.dictionaries(names, st.sampled_from("abc"), max_size=150)


def test_only_what_differs_is_written() -> None:
    before = {"default": "1", "country:IE": "1", "drained": "[]"}
    after = {"default": "1", "country:IE": "2", "regions": "3"}
    assert between(before, after) == Changes(
        {"country:IE": "2", "regions": "3"}, deletes=("drained",)
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
def test_regions_come_first_and_what_goes_comes_last(
    before: dict[str, str], after: dict[str, str]
) -> None:
    order = [
        key
        for batch in between(before, after).batches()
        for key in [*batch.puts, *(f"- {each}" for each in batch.deletes)]
    ]
    if "regions" in order:
        assert order[0] == "regions"
    gone = [key.startswith("- ") for key in order]
    assert gone == sorted(gone)
