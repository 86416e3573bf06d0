"""JSON by its standard."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync import strict_json


@pytest.mark.parametrize(
    "text", ["NaN", "-Infinity", "[1e999]", "-1e999", "{", "", b"\xff", "[" * 100_000]
)
def test_what_is_not_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        strict_json.loads(text)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_every_finite_number_is_read_as_it_is(number: float) -> None:
    assert strict_json.loads(json.dumps({"n": [number]})) == {"n": [number]}
