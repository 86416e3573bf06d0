"""How large an item is, by DynamoDB's rules, and what writing it counts as.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

# As DynamoDB writes them, {"S": "a"}: binary values are bytes from boto3, and base64 in JSON.
Value = Mapping[str, Any]
Item = Mapping[str, Value]

WRITE_BYTES = 1024

# What a list or a map takes, and each element of it.
_NESTING, _ELEMENT = 3, 1


def write_units(size: int) -> int:
    """What a write of so many bytes counts as in each Region."""
    return max(1, math.ceil(size / WRITE_BYTES))


def bytes_of(item: Item) -> int:
    """Its size; numbers are only about so large."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Value) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return _number(held)
        case "B":
            return len(held if isinstance(held, bytes) else base64.b64decode(held))
        case "SS" | "NS" | "BS":
            return sum(_size({kind[0]: member}) for member in held)
        case "M":
            return _NESTING + bytes_of(held) + _ELEMENT * len(held)
        case "L":
            return _NESTING + sum(_ELEMENT + _size(each) for each in held)
        case _:  # BOOL, NULL
            return 1


def _number(number: str) -> int:
    """A byte for two significant digits, and one; zeros at either end are none."""
    mantissa, _, _ = number.upper().partition("E")
    digits = mantissa.lstrip("-").replace(".", "").strip("0")
    return math.ceil(len(digits) / 2) + 1
