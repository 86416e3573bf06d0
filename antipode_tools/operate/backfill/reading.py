"""Reading tables through, for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from antipode_tools.operate.backfill.pace import Pace
from antipode_tools.operate.backfill.ports import (
    Item,
    Key,
    Readable,
    T,
    ThrottledError,
    Together,
)
from antipode_tools.operate.backfill.state import SEGMENTS

# What is read of a segment at once where nothing is written in between.
WHOLE_PAGE = 1000


@dataclass(frozen=True)
class Reader:
    """Reads, and gives way where a table throttles.

    Args:
        pace: of the writes beside it, which give way, too.
    """

    pace: Pace
    together: Together
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def patiently(self, calls: Sequence[Callable[[], T]]) -> Sequence[T]:
        """What each call returns, made as often as it takes."""
        while True:
            try:
                return self.together(calls)
            except ThrottledError:
                self.pace.throttled(self.clock())
                self.sleep(self.pace.wait_s(self.clock()))

    def everything(self, table: Readable) -> Iterator[Item]:
        """Every item of a table."""
        after: dict[int, Key | None] = dict.fromkeys(range(SEGMENTS))
        while after:
            pages = self.patiently(
                [partial(table.page, n, SEGMENTS, key, WHOLE_PAGE) for n, key in after.items()]
            )
            for number, page in zip(list(after), pages, strict=True):
                yield from page.items
                if page.last is None:
                    del after[number]
                else:
                    after[number] = page.last
