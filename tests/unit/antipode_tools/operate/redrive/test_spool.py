"""Texts in a file."""

from __future__ import annotations

import tempfile
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.redrive.spool import Spool


@given(st.lists(st.binary(max_size=40), max_size=20), st.randoms())
def test_every_text_comes_back_in_whatever_order_it_is_asked_for(
    texts: list[bytes], random: Random
) -> None:
    with tempfile.SpooledTemporaryFile(max_size=100) as file:
        spool = Spool(file)
        kept = [(spool.put(text), text) for text in texts]
        random.shuffle(kept)

        assert [spool.get(slot) for slot, _ in kept] == [text for _, text in kept]


def test_texts_are_put_behind_each_other_while_others_are_read() -> None:
    with tempfile.SpooledTemporaryFile() as file:
        spool = Spool(file)
        first = spool.put(b"first")
        spool.get(first)
        second = spool.put(b"second")

        assert (spool.get(first), spool.get(second)) == (b"first", b"second")
