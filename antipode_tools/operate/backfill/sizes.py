"""How large an item is, by DynamoDB's rules, and what writing it counts as.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

import math

from antipode_tools.operate.backfill.ports import Item, Value

WRITE_BYTES = 1024


def write_units(item: Item) -> int:
    """What a write of it counts as in each Region."""
    return max(1, math.ceil(bytes_of(item) / WRITE_BYTES))


def bytes_of(item: Item) -> int:
    """Its size; numbers are only about so large."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Value) -> int:
    match value:
        case {"S": str(text)}:
            return len(text.encode())
        case {"N": str(number)}:
            return _number(number)
        case {"B": bytes(data)}:
            return len(data)
        case {"SS": list(members)}:
            return sum(len(member.encode()) for member in members)
        case {"NS": list(members)}:
            return sum(_number(member) for member in members)
        case {"BS": list(members)}:
            return sum(len(member) for member in members)
        case {"M": dict(fields)}:
            return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in fields.items())
        case {"L": list(elements)}:
            return 3 + sum(1 + _size(each) for each in elements)
        case _:  # BOOL, NULL
            return 1


def _number(number: str) -> int:
    # A byte for two digits, and one.
    return math.ceil(sum(each.isdigit() for each in number) / 2) + 1
