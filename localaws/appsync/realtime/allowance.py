"""How often something may happen."""

from __future__ import annotations


class Allowance:
    """A rate per second, with at most one second's worth at once (a token bucket)."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = float(per_second)
        self._taken_at: float | None = None

    def take(self, at: float) -> bool:
        """Whether one more is allowed at `at`, in seconds of a monotonic clock."""
        elapsed = 0.0 if self._taken_at is None else at - self._taken_at
        self._left = min(self._per_second, self._left + elapsed * self._per_second)
        self._taken_at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True
