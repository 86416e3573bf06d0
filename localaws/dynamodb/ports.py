"""What replication needs of a Region's DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from localaws.dynamodb.replica import Apply, Record
from localaws.errors import LocalAwsError


class NoSuchTable(LocalAwsError):
    """The Region has no such table, or it has no stream."""


class Unreachable(LocalAwsError):
    """The Region's DynamoDB did not answer, or not with a success."""


class StreamReader(Protocol):
    """Reads a table's stream, from where it stood when the reader was made."""

    async def read(self) -> Sequence[Record]:
        """The next records; none where there are none yet. Raises NoSuchTable, Unreachable."""
        ...


class RegionTables(Protocol):
    """A Region's tables. Every method raises NoSuchTable and Unreachable."""

    async def reader(self, table: str) -> StreamReader:
        """A reader of what is written from now on."""
        ...

    async def items(self, table: str) -> Sequence[Record]:
        """What the table holds, as if written at the time 0."""
        ...

    async def apply(self, table: str, write: Apply) -> bool:
        """Carry out a write; returns False if the item is not the expected one."""
        ...
