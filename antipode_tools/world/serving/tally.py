"""How much was written to a Region's replicas, by what its streams tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from antipode_tools.project.item_size import bytes_of, write_units
from localaws.json_value import Json


@dataclass
class Tally:
    """One Region's writes. A record that is read again does not count again."""

    writes: int = 0
    write_units: int = 0
    bytes_written: int = 0
    _highest: dict[str, int] = field(default_factory=dict)

    def take(self, stream: str, records: Iterable[Json]) -> None:
        """Counts a stream's records, which come in their order."""
        for record in records:
            change = record["dynamodb"]
            number = int(change["SequenceNumber"])
            if number <= self._highest.get(stream, -1):
                continue
            self._highest[stream] = number
            sizes = [bytes_of(change.get(image, {})) for image in ("OldImage", "NewImage")]
            self.writes += 1
            # An update is billed by the larger of the two, a deletion by what is deleted.
            self.write_units += write_units(max(sizes))
            self.bytes_written += sizes[1]
