"""The live subscriptions of one Region, over all its connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from localaws.appsync import strict_json
from localaws.appsync.counts import Counts
from localaws.appsync.ports import Announcement, Invalidation, Subscription


@dataclass(frozen=True, eq=False)
class Registration:
    """A subscription, where its notifications go, and what ends it."""

    subscription: Subscription
    deliver: Callable[[str], None]
    end: Callable[[], None]


class Hub:
    """Delivers an announcement to every matching subscription, in the order they registered."""

    def __init__(self, counts: Counts | None = None) -> None:
        self._registrations: dict[Registration, None] = {}
        self._counts = counts or Counts()

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
        self._counts.announces()
        payloads: dict[object, str] = {}
        for registration in list(self._registrations):
            subscription = registration.subscription
            if not subscription.matches(announcement):
                continue
            told = (subscription.field, subscription.shape)
            if told not in payloads:
                payload = subscription.payload(announcement)
                payloads[told] = strict_json.encoded(payload).decode()
            self._counts.tells(len(payloads[told].encode()))
            registration.deliver(payloads[told])

    def invalidate(self, invalidation: Invalidation) -> None:
        """End every subscription that matches."""
        for registration in list(self._registrations):
            if registration.subscription.ended_by(invalidation):
                registration.end()
