"""JSON as its standard has it: Python's reader takes NaN, and reads 1e999 as infinity."""

from __future__ import annotations

import json
import math

from localaws.appsync.ports import Json


def loads(text: str | bytes) -> Json:
    """Raises ValueError for all that is not JSON or cannot be held."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def encoded(value: Json) -> bytes:
    """As the service writes it, without blanks.

    Half a surrogate pair, which has no form in UTF-8, becomes "?", as Java writes it.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="replace")


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return number
