"""How many examples a property test tries, where that is not Hypothesis's own number."""

from __future__ import annotations

from hypothesis import settings


def percent(share: int) -> int:
    """A share of what the profile of this run asks for, which `make quick` lowers."""
    return max(1, settings().max_examples * share // 100)
