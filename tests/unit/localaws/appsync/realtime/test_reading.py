"""What clients send is read whole or not at all, and never raises."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.realtime.reading import base64_object, header_fields, json_object

headers = st.dictionaries(st.text(), st.text())


def standard(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def url_safe(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("alphabet", [standard, url_safe])
@pytest.mark.parametrize("padded", [True, False])
@given(fields=headers)
def test_base64_is_read_in_either_alphabet_padded_or_not(
    alphabet: Callable[[str], str], padded: bool, fields: dict[str, str]
) -> None:
    text = alphabet(json.dumps(fields, ensure_ascii=False))
    assert base64_object(text if padded else text.rstrip("=")) == fields


def test_a_plus_that_a_form_decoder_made_a_space_is_a_plus_again() -> None:
    encoded = standard('{"host":"~~~"}')  # "~" gives a "+" here
    assert "+" in encoded
    assert base64_object(encoded.replace("+", " ")) == {"host": "~~~"}


@pytest.mark.parametrize(
    "text", ["", "=", "a", "!!!!", "é", "bWVvdw==", "WzFd", "e30=e30=", "e30\n", "_w=="]
)
def test_what_is_no_base64_of_an_object_is_nothing(text: str) -> None:
    assert base64_object(text) is None


@given(text=st.one_of(st.text(), st.binary()))
def test_anything_but_an_object_is_refused(text: str | bytes) -> None:
    value = json_object(text)
    assert value is None or isinstance(value, dict)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "1", '"a"', "{", '{"a":}', "[" * 100_000, "1" * 5_000, b"\xff"]
)
def test_broken_json_is_refused(text: str | bytes) -> None:
    assert json_object(text) is None


def test_header_names_are_lower_case_and_the_first_of_a_name_counts() -> None:
    fields = {"x-api-key": "one", "X-Api-Key": "two", "Host": "h", "x-amz-date": 5}
    assert header_fields(fields.items()) == {"x-api-key": "one", "host": "h"}
