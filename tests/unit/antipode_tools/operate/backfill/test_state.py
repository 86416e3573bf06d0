"""How far a backfill is, in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.operate.backfill.state import Segment, State, StateFile, Tally
from antipode_tools.operate.stacks.errors import OperationError

STATE = State(
    "one two",
    (
        Segment({"id": {"S": "a"}, "at": {"N": "1"}}),
        Segment({"id": {"B": b"\x00\xff"}}, done=False),
        Segment(done=True),
    ),
    Tally(read=3, written=1, unfit=1, named=('{"id": "x"}: no at',)),
    ({"id": {"B": b"\x01"}, "updatedAt": {"S": "2026-11-27T08:00:00Z"}},),
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "backfill" / "a.json")
    assert file.read() is None
    file.keep(State("before"))
    file.keep(STATE)
    assert file.read() == STATE
    assert [each.name for each in file.path.parent.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"format": 0}',
        '{"format": 1, "tables": "x"}',
        State("x", segments=()).as_text(),
        State("x").as_text().replace('"last": null', '"last": "id"'),
    ],
)
def test_a_file_that_is_not_understood_is_no_reason_to_begin_anew(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(OperationError, match="remove it to begin anew"):
        StateFile(path).read()


def test_it_is_said_if_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperationError, match="cannot keep how far the backfill is"):
        StateFile(tmp_path / "file" / "a.json").keep(STATE)


def test_it_is_done_when_every_segment_is() -> None:
    assert [
        State("t", (Segment(done=True), Segment(done=done))).done for done in (True, False)
    ] == [
        True,
        False,
    ]
