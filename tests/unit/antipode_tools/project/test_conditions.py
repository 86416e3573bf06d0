from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.project.conditions import Conditions, Link, Loss, Trouble

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
NAMES = {IRELAND: "ireland", SYDNEY: "sydney"}

codes = st.sampled_from([IRELAND, SYDNEY])
conditions = st.builds(
    Conditions,
    st.dictionaries(
        st.tuples(codes, codes),
        st.builds(Link, st.none() | st.floats(0, 9), st.floats(0, 9), st.booleans()),
    ),
    st.dictionaries(
        codes,
        st.builds(
            Trouble,
            st.none() | st.sampled_from(Loss),
            st.none() | st.floats(1, 99),
            st.floats(0, 1),
            st.booleans(),
        ),
    ),
)


@given(conditions)
def test_conditions_are_read_as_they_were_written(there: Conditions) -> None:
    assert Conditions.from_json(there.as_json()) == there


def test_nothing_passes_a_cut_and_nothing_goes_to_or_comes_from_a_lost_region() -> None:
    usual = Conditions()
    for broken in (
        usual.cutting(IRELAND, SYDNEY),
        usual.losing(SYDNEY, Loss.REFUSED),
        usual.losing(IRELAND, Loss.SILENT),
    ):
        ways = [(IRELAND, SYDNEY), (SYDNEY, IRELAND)]
        assert [broken.passes(*way) for way in ways] == [False, False]
        assert [usual.passes(*way) for way in ways] == [True, True]


def test_what_was_changed_and_changed_back_is_as_usual() -> None:
    changed = (
        Conditions()
        .lagging(IRELAND, SYDNEY, 1.0, 0.5, one_way=True)
        .cutting(IRELAND, SYDNEY)
        .losing(SYDNEY, Loss.SILENT)
        .throttling(IRELAND, 5)
        .failing(IRELAND, 0.1, silently=True)
    )
    assert (
        changed.healing(SYDNEY, IRELAND)
        .recovering(SYDNEY)
        .throttling(IRELAND, None)
        .failing(IRELAND, 0, silently=True)
    ) == Conditions()


def test_what_is_in_force_is_told_in_words() -> None:
    there = (
        Conditions()
        .lagging(IRELAND, SYDNEY, 0.8, 0.1, one_way=True)
        .cutting(IRELAND, SYDNEY)
        .losing(SYDNEY, Loss.SILENT)
        .throttling(IRELAND, 50)
        .failing(IRELAND, 0.1, silently=False)
    )
    assert list(there.lines(NAMES)) == [
        "ireland → sydney: lag 800 ms ± 100 ms",
        "ireland → sydney: cut",
        "sydney → ireland: cut",
        "sydney: lost, silent",
        "ireland: throttled to 50 requests a second",
        "ireland: fails 10% of its requests",
    ]
