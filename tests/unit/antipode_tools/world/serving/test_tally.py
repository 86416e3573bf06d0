"""What a Region's streams tell of its writes."""

from __future__ import annotations

from antipode_tools.world.serving.tally import Tally
from localaws.json_value import Json


def record(number: int, old: int = 0, new: int = 0) -> Json:
    """A write of an item of so many bytes, which had so many."""
    change: dict[str, Json] = {"SequenceNumber": f"{number:021}"}
    for image, size in (("OldImage", old), ("NewImage", new)):
        if size:
            change[image] = {"text": {"S": "x" * (size - 4)}}
    return {"dynamodb": change}


def test_a_write_is_billed_by_the_kilobyte_begun_of_what_was_and_is() -> None:
    tally = Tally()
    tally.take("s", [record(1, new=10), record(2, 10, 1025), record(3, 1025, 10), record(4, 10)])
    assert (tally.writes, tally.write_units, tally.bytes_written) == (4, 1 + 2 + 2 + 1, 1045)


def test_what_is_read_again_counts_once_in_each_stream() -> None:
    tally = Tally()
    tally.take("s", [record(1, new=10), record(2, new=10)])
    tally.take("s", [record(1, new=10), record(2, new=10), record(3, new=10)])
    tally.take("other", [record(1, new=10)])
    assert tally.writes == 4
