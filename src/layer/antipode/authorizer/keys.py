"""The keys that tokens are verified with, kept for a while and fetched anew when they rotate.

Knows neither where keys come from nor what a token is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from antipode.authorizer.refusal import KeysUnavailableError

if TYPE_CHECKING:
    from jwt.algorithms import AllowedPublicKeys

# A key that is taken back is honoured no longer than this, ...
FRESH_S = 300.0
# ... and while its source cannot be reached no longer than this.
MAX_AGE_S = 3_600.0
# Anybody can send a token that no key fits: the source is asked for its sake no more often.
PAUSE_S = 30.0


@dataclass(frozen=True)
class Key:
    """One key, and the one algorithm that it verifies: never the one that a token names.

    Args:
        id: a token's `kid`; None fits every token.
    """

    algorithm: str
    material: AllowedPublicKeys | bytes = field(repr=False)
    id: str | None = None


@dataclass(frozen=True)
class Keys:
    """All keys that are valid at one time."""

    all: tuple[Key, ...]

    def fitting(self, key_id: str | None) -> tuple[Key, ...]:
        """Those that a token with this `kid`, or without one, may be signed by."""
        if key_id is None:
            return self.all
        return tuple(key for key in self.all if key.id in (None, key_id))


Fetch = Callable[[], Keys]
"""Gets the keys as they are now, or raises KeysUnavailableError."""


class KeyStore:
    """Keys as they were fetched not long ago.

    Args:
        failed: told of each failure to fetch them, whether or not the keys at hand still serve.
    """

    def __init__(
        self,
        fetch: Fetch,
        now: Callable[[], float],
        failed: Callable[[KeysUnavailableError], None],
    ) -> None:
        self._fetch, self._now, self._failed = fetch, now, failed
        self._keys: Keys | None = None
        self._fetched_at = self._asked_at = -math.inf

    def get(self) -> Keys:
        """The keys.

        Raises:
            KeysUnavailableError: there are none, or none young enough.
        """
        if self._keys is not None and self._younger_than(FRESH_S):
            return self._keys
        if self._keys is not None and self._younger_than(MAX_AGE_S):
            return self.renewed() or self._keys
        return self._renew()

    def renewed(self) -> Keys | None:
        """The keys fetched anew; None if it is too early for that, or if it failed."""
        if 0 <= self._now() - self._asked_at < PAUSE_S:
            return None
        try:
            return self._renew()
        except KeysUnavailableError:
            return None

    def _younger_than(self, seconds: float) -> bool:
        # A clock that was set back makes nothing younger.
        return 0 <= self._now() - self._fetched_at < seconds

    def _renew(self) -> Keys:
        self._asked_at = self._now()
        try:
            self._keys = self._fetch()
        except KeysUnavailableError as error:
            self._failed(error)
            raise
        self._fetched_at = self._asked_at
        return self._keys
