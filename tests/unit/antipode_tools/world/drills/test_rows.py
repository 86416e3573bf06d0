from __future__ import annotations

from antipode_tools.world.drills.observed import Announcement, Write
from antipode_tools.world.drills.rows import HEADER, row

WRITES = [
    Write(at, "ireland", "a", "", done=done, home="ireland")
    for at, done in ((2.0, True), (2.5, True), (3.0, False), (4.0, True), (4.1, True))
]
HEARD = [Announcement(at, "sydney", "x", "a", 1, "") for at in (3.0, 3.5, 3.9, 9.0)]


def test_a_row_has_what_there_was_since_the_last_one_under_its_heads() -> None:
    assert HEADER == "           writes/s failed/s announced/s  differ"
    told = row(WRITES, HEARD, 7, since=2.0, now=4.0)
    assert told == "   4.0 s        1.0      0.5         1.5       7"
    dark = row(WRITES, HEARD, None, since=2.0, now=4.0)
    assert dark == "   4.0 s        1.0      0.5         1.5       ?"
