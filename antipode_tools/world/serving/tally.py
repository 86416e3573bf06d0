"""How much was written to a Region's replicas, by what its streams tell."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from localaws.json_value import Json

# Of a write, and what DynamoDB bills as one.
_UNIT_BYTES = 1024
# What DynamoDB adds to a list or a map, and to each element of it.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
_NESTING, _ELEMENT = 3, 1


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
            sizes = [item_bytes(change.get(image, {})) for image in ("OldImage", "NewImage")]
            self.writes += 1
            # An update is billed by the larger of the two, a deletion by what is deleted.
            self.write_units += max(1, math.ceil(max(sizes) / _UNIT_BYTES))
            self.bytes_written += sizes[1]


def item_bytes(item: Json) -> int:
    """What an item counts as at DynamoDB."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Json) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return len(held.lstrip("-").replace(".", "")) // 2 + 2
        case "B":
            return len(base64.b64decode(held))
        case "SS" | "NS" | "BS":
            return sum(_bytes({kind[0]: each}) for each in held)
        case "L":
            return _NESTING + sum(_ELEMENT + _bytes(each) for each in held)
        case "M":
            return _NESTING + item_bytes(held) + _ELEMENT * len(held)
        case _:
            return 1
