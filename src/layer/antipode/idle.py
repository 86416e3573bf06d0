"""Connections that idled: none is used again after a while.

Lambda's network drops a connection that idled for about 350 s and tells neither side: a request on
it would wait out its whole time-out.
https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from botocore.client import BaseClient

# Far less than the network's: the other side may drop one earlier.
MAX_IDLE_S = 30.0

Client = TypeVar("Client", bound="BaseClient")


def idled_too_long(since: float, now: float) -> bool:
    """Whether a connection that was last used at a time of day may be gone by now."""
    # A clock that was set back makes nothing younger.
    return not 0 <= now - since <= MAX_IDLE_S


def never_stale(client: Client, now: Callable[[], float] = time.time) -> Client:
    """A boto3 client that opens a new connection after it idled, instead of trying an old one.

    Args:
        now: the time of day, and no monotonic clock: what idles is frozen with the function, in
            which a monotonic clock need not count.
    """
    client.meta.events.register("before-send", _BeforeSend(client.close, now))
    return client


class _BeforeSend:
    """Closes the connections that a client keeps, before a request that comes too long after the
    last one. Requests of lanes that come together close them once, before any is sent."""

    def __init__(self, close: Callable[[], None], now: Callable[[], float]) -> None:
        self._close, self._now = close, now
        self._lock = Lock()
        self._used_at = now()

    def __call__(self, **_: object) -> None:
        with self._lock:
            now = self._now()
            if idled_too_long(self._used_at, now):
                self._close()
            self._used_at = now
