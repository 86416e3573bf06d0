"""An API in memory, as the real-time side sees one."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from localaws.appsync.filters import argument_filter
from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    GraphQLError,
    GraphQLRequest,
    Identity,
    Invalidation,
    Json,
    SignedRequest,
    Subscription,
    SubscriptionRefused,
    Unauthenticated,
)

API_KEY = "da2-fakefakefakefakefakefake"


@dataclass
class FakeSubscription:
    """Hears `publish` followed by its field without the `on`; counts the payloads it makes."""

    field: str
    arguments: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    shape: str = ""
    made: list[Json] = dataclasses.field(default_factory=list)

    def matches(self, announcement: Announcement) -> bool:
        heard = announcement.mutation == "publish" + self.field.removeprefix("on")
        return heard and argument_filter(self.arguments).matches(announcement.value)

    def ended_by(self, invalidation: Invalidation) -> bool:
        return invalidation == Invalidation(self.field, dict(self.arguments))

    def payload(self, announcement: Announcement) -> Json:
        self.made.append(announcement.value)
        return {"data": {self.field: announcement.value}}


def published(value: Json, *, model: str = "Create") -> Announcement:
    return Announcement(f"publish{model}", value)


@dataclass
class FakeEndpoint:
    """Lets in whoever has API_KEY. What a start does is chosen by the field it names."""

    hosts: frozenset[str]
    subscriptions: list[FakeSubscription] = dataclasses.field(default_factory=list)
    authenticated: list[SignedRequest] = dataclasses.field(default_factory=list)
    headers: list[Mapping[str, str]] = dataclasses.field(default_factory=list)
    "What each start saw of its connection's headers."
    waiting: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    "Set when a start of `onSlow` has begun to wait."
    released: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    "Lets the starts of `onSlow` go on."
    abandoned: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    "Set when a start of `onSlow` was cancelled."

    async def authenticate(self, request: SignedRequest) -> Identity:
        self.authenticated.append(request)
        if request.headers.get("x-api-key") != API_KEY:
            raise Unauthenticated("You are not authorized to make this call.")
        return Identity(AuthMode.API_KEY)

    async def subscribe(
        self, identity: Identity, request: GraphQLRequest, headers: Mapping[str, str]
    ) -> Subscription:
        self.headers.append(headers)
        name = _field(request.query)
        if name == "onDenied":
            message = "Not Authorized to access onDenied on type Subscription"
            raise SubscriptionRefused([GraphQLError(message, "Unauthorized")])
        if name == "onBroken":
            raise KeyError(request.query)
        if name == "onSlow":
            await self._wait()
        subscription = FakeSubscription(name, request.variables, request.query)
        self.subscriptions.append(subscription)
        return subscription

    async def _wait(self) -> None:
        self.waiting.set()
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.abandoned.set()
            raise


def _field(query: str) -> str:
    found = re.search(r"{\s*(\w+)", query)
    assert found, query
    return found[1]
