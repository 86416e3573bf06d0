"""How long to wait before trying again.

https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

from __future__ import annotations

from collections.abc import Callable

BASE_S = 0.05
MAX_S = 5.0


def full_jitter(attempts: int, random: Callable[[], float]) -> float:
    """Seconds to wait after so many failed attempts: anything from 0 to a doubling bound."""
    # The exponent is bounded so that a long outage does not overflow.
    bound: float = BASE_S * 2 ** min(attempts, 10)
    return random() * min(MAX_S, bound)
