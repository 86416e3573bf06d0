"""Records to invocations, as few as Lambda's limits allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.operate.redrive.backlog import Entry

# As many as the relay gets from its stream, by the template's default: it is done in time.
MOST_RECORDS = 100

# An event of a synchronous invocation has at most 6 MB; what is around the records is far below
# the difference. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MOST_BYTES = 6_000_000


def portions(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in their order, in portions of at least one."""
    portion: list[Entry] = []
    size = 0
    for entry in entries:
        size += entry.slot.size + len(",")
        if portion and (len(portion) == MOST_RECORDS or size > MOST_BYTES):
            yield portion
            portion, size = [], entry.slot.size
        portion.append(entry)
    if portion:
        yield portion
