"""Durations, rates and shares, as they are typed: 800ms, 1.5s, 50/s, 10%."""

from __future__ import annotations

import re

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_DURATION = re.compile(rf"{_NUMBER}(ms|s|min)")
_RATE = re.compile(rf"{_NUMBER}/s")
_SHARE = re.compile(rf"{_NUMBER}%")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}


def seconds(text: str) -> float:
    """Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no duration: 800ms, 1.5s or 2min")
    return float(found[1]) * _SECONDS[found[2]]


def rate(text: str) -> float | None:
    """How many a second; None for `off`. Raises ValueError."""
    if text == "off":
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no rate: 50/s, or off")
    return float(found[1])


def share(text: str) -> float:
    """From 0 to 1. Raises ValueError."""
    found = _SHARE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no share: 10%, or 0% to end it")
    return float(found[1]) / 100
