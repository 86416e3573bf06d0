"""Texts on their way, in a file: the records of a long backlog need not fit into memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one text lies."""

    start: int
    size: int


class Spool:
    """Keeps texts in a file that is open for writing and reading, from its beginning on."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = 0

    def put(self, text: bytes) -> Slot:
        """Adds a text."""
        slot = Slot(self._end, len(text))
        self._file.seek(slot.start)
        self._file.write(text)
        self._end += slot.size
        return slot

    def get(self, slot: Slot) -> bytes:
        """The text that was put there."""
        self._file.seek(slot.start)
        return self._file.read(slot.size)
