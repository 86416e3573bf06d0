"""What a mapping needs of a Region's services. `aws` provides it through boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from localaws.errors import LocalAwsError
from localaws.event_source_mapping.destinations import Source
from localaws.event_source_mapping.messages import Discard, Outcome
from localaws.event_source_mapping.settings import Settings, StartingPosition
from localaws.json_value import Json


@dataclass(frozen=True)
class DeployedMapping:
    """A mapping as its stack declares it."""

    mapping_id: str
    function_arn: str
    stream_arn: str
    enabled: bool
    settings: Settings

    @property
    def table(self) -> str:
        """The table's name: `arn:aws:dynamodb:<Region>:<account>:table/<name>/stream/<label>`."""
        return self.stream_arn.split("/")[1]


@dataclass(frozen=True)
class After:
    """Read from after this record."""

    sequence_number: str


Position = StartingPosition | After


@dataclass(frozen=True)
class Page:
    """The result of one GetRecords; the next iterator is None at the end of the shard."""

    events: Sequence[Mapping[str, Json]]
    next_iterator: str | None


class IteratorLost(LocalAwsError):
    """The iterator expired or points to records that the stream no longer has: get another."""


class ServiceUnavailable(LocalAwsError):
    """A service failed or did not answer. It may work the next time."""


class RegionServices(Protocol):
    """The services of one Region."""

    async def mappings(self) -> list[DeployedMapping]:
        """Every mapping that is to be served here. Raises ServiceUnavailable."""

    async def shards(self, stream_arn: str) -> list[str]:
        """The ids of a stream's shards. Raises ServiceUnavailable."""

    async def iterator(self, stream_arn: str, shard_id: str, position: Position) -> str:
        """An iterator there. Raises IteratorLost if that is gone, and ServiceUnavailable."""

    async def page(self, stream_arn: str, iterator: str, limit: int) -> Page:
        """The next records. Raises IteratorLost and ServiceUnavailable."""

    async def invoke(self, function_arn: str, event: str) -> Outcome:
        """Invoke a function and wait for it. A failure is an outcome, never an exception."""

    async def discard(self, destination: str, discard: Discard, source: Source) -> None:
        """Notify an on-failure destination. Raises ServiceUnavailable."""
