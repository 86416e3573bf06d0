"""The live subscriptions of one Region, over all its connections."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from local.appsync.ports import Announcement, Invalidation, Json, Subscription


@dataclass(frozen=True, eq=False)
class Registration:
    """A subscription, where its notifications go, and what ends it."""

    subscription: Subscription
    deliver: Callable[[str], None]
    end: Callable[[], None]


class Hub:
    """Tells every matching subscription of an announcement, in the order they registered."""

    def __init__(self) -> None:
        self._registrations: dict[Registration, None] = {}

    def __len__(self) -> int:
        return len(self._registrations)

    def register(
        self, subscription: Subscription, deliver: Callable[[str], None], end: Callable[[], None]
    ) -> Registration:
        """`deliver` gets each notification's payload as JSON. Neither may wait."""
        registration = Registration(subscription, deliver, end)
        self._registrations[registration] = None
        return registration

    def unregister(self, registration: Registration) -> None:
        self._registrations.pop(registration, None)

    def announce(self, announcement: Announcement) -> None:
        """Deliver before returning, so that announcements cannot overtake one another."""
        payloads: dict[object, str] = {}
        for registration in list(self._registrations):
            subscription = registration.subscription
            if not subscription.matches(announcement):
                continue
            told = (subscription.field, subscription.shape)
            if told not in payloads:
                payloads[told] = _json(subscription.payload(announcement))
            registration.deliver(payloads[told])

    def invalidate(self, invalidation: Invalidation) -> None:
        """End every subscription concerned."""
        for registration in list(self._registrations):
            if registration.subscription.ended_by(invalidation):
                registration.end()


def _json(payload: Json) -> str:
    """Half a surrogate pair becomes "?", as Java writes it: it has no form in UTF-8."""
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="replace").decode()
