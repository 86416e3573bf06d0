"""Tokens of pages."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.page_tokens import InvalidToken, read_token, write_token
from localaws.appsync.ports import Json

KEY_VALUES = st.one_of(
    st.text().map(lambda text: {"S": text}),
    st.integers().map(lambda number: {"N": str(number)}),
    st.binary().map(lambda content: {"B": content}),
)


@given(st.dictionaries(st.text(min_size=1), KEY_VALUES, min_size=1, max_size=4))
def test_a_token_leads_to_the_key_that_the_page_ended_with(key: dict[str, Json]) -> None:
    token = write_token(key)
    assert isinstance(token, str)
    assert read_token(token) == key


def test_the_last_page_has_no_token() -> None:
    assert write_token(None) is None
    assert write_token({}) is None
    assert read_token(None) is None


@pytest.mark.parametrize(
    "token",
    [
        "123",
        "not base64!",
        7,
        "",
        *(
            base64.b64encode(text).decode()
            for text in (b"\xff", b"{", b"1", b"[1]", b'{"id": 1}', b'{"id": {"X": 1}}')
        ),
    ],
)
def test_what_no_page_ended_with_is_refused(token: Json) -> None:
    with pytest.raises(InvalidToken):
        read_token(token)
