"""The live subscriptions of one Region, over all its connections."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass

from local.appsync.ports import Announcement, Subscription

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Registration:
    """A subscription, and where its notifications go."""

    subscription: Subscription
    deliver: Callable[[str], None]


class Hub:
    """Tells every matching subscription of an announcement, in the order they registered."""

    def __init__(self, *, payload_bytes: int) -> None:
        self._payload_bytes = payload_bytes
        self._registrations: dict[Registration, None] = {}
        self.dropped = 0
        "Notifications over the size limit, one for each shape."

    def __len__(self) -> int:
        return len(self._registrations)

    def register(self, subscription: Subscription, deliver: Callable[[str], None]) -> Registration:
        """`deliver` gets each notification's payload as JSON. It must not wait."""
        registration = Registration(subscription, deliver)
        self._registrations[registration] = None
        return registration

    def unregister(self, registration: Registration) -> None:
        self._registrations.pop(registration, None)

    def announce(self, announcement: Announcement) -> None:
        """Deliver before returning, so that announcements cannot overtake one another."""
        payloads: dict[object, str | None] = {}
        for registration in list(self._registrations):
            subscription = registration.subscription
            if not subscription.matches(announcement):
                continue
            told = (subscription.field, subscription.shape)
            if told not in payloads:
                payloads[told] = self._payload(subscription, announcement)
            payload = payloads[told]
            if payload is not None:
                registration.deliver(payload)

    def _payload(self, subscription: Subscription, announcement: Announcement) -> str | None:
        text = json.dumps(
            subscription.payload(announcement), separators=(",", ":"), ensure_ascii=False
        )
        # Half a surrogate pair becomes "?", as Java writes it: it has no form in UTF-8.
        encoded = text.encode(errors="replace")
        if len(encoded) > self._payload_bytes:
            self.dropped += 1
            _log.warning(
                "notification of %s dropped: payload is %d bytes, limit is %d",
                subscription.field,
                len(encoded),
                self._payload_bytes,
            )
            return None
        return encoded.decode()
