"""docs/decisions.md is a list of numbered and dated records, each with a status."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

DECISIONS = Path(__file__).parents[2] / "docs/decisions.md"
HEADING = re.compile(r"^## (?:(\d+)\. )?.*$", re.MULTILINE)
STATUS = re.compile(r"\n\n(\d{4}-\d\d-\d\d), (?:accepted|open|superseded by (\d+))\.\n")


def test_records_are_numbered_without_a_gap() -> None:
    numbers = [heading[1] for heading in HEADING.finditer(DECISIONS.read_text())]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_each_record_has_a_date_and_a_status_that_names_a_later_record() -> None:
    text = DECISIONS.read_text()
    headings = list(HEADING.finditer(text))
    for number, heading in enumerate(headings, 1):
        status = STATUS.match(text, heading.end())
        assert status, heading[0]
        datetime.date.fromisoformat(status[1])
        assert status[2] is None or number < int(status[2]) <= len(headings), heading[0]
