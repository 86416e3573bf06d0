"""One look of the canary: is it heard at home, and do the other Regions still write?

AppSync tells nobody that an announcement reached nobody. So a client of the API subscribes, writes,
and waits for its own write to be announced: what it does is what users do, and by the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from antipode.canary.errors import CanaryError, GraphqlError
from antipode.canary.protocol import Told
from antipode.json_values import Json

# A cold relay takes seconds, and a batch that is tried again some more; users do not wait so long.
HEARD_WITHIN_S = 20.0
# Each Region writes once a minute: so two of its writes are missing, or late by as long.
SILENT_AFTER_S = 180.0


class Ear(Protocol):
    """Subscriptions of one connection."""

    def told(self, *, timeout: float) -> Told | None:
        """The next announcement, or None after so many seconds.

        Raises:
            CanaryError: the subscription has ended.
        """


class Api(Protocol):
    """A Region's API, as a client sees it."""

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """Raises CanaryError if it refuses."""

    def listening(
        self, documents: Sequence[str], variables: Mapping[str, Json]
    ) -> AbstractContextManager[Ear]:
        """Subscriptions for the length of a block. Raises CanaryError if one is refused."""


@dataclass
class Found:
    """What one look found.

    Args:
        heard: milliseconds from the canary's write to its announcement, by its own Region.
        ages: milliseconds since each other Region's last write.
        missing: the Regions that were not heard of, and why.
    """

    heard: dict[str, int] = field(default_factory=dict)
    ages: dict[str, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Canary:
    """A Region's canary.

    Args:
        model: the model whose items it writes: one a Region, with the Region for an id.
        now: seconds since 1970.
        clock: seconds that only rise.
    """

    api: Api
    region: str
    regions: Sequence[str]
    model: str
    now: Callable[[], float]
    clock: Callable[[], float]

    def look(self) -> Found:
        """Writes, waits to be heard, and looks for the other Regions: whatever fails is missing."""
        found = Found()
        try:
            found.heard[self.region] = self._heard()
        except CanaryError as error:
            found.missing[self.region] = str(error)
        others = [region for region in self.regions if region != self.region]
        try:
            self._look_for(others, found)
        except CanaryError as error:
            found.missing |= dict.fromkeys(others, f"this Region cannot be asked: {error}")
        return found

    def _heard(self) -> int:
        document = (
            f"subscription ($id: ID) {{ onUpdate{self.model}(id: $id) {{ id version updatedIn }} }}"
        )
        with self.api.listening([document], {"id": self.region}) as ear:
            began = self.clock()
            version = self._write()
            while (left := began + HEARD_WITHIN_S - self.clock()) > 0:
                told = ear.told(timeout=left)
                if told and version in [item.get("version") for item in told.data.values() if item]:
                    return round((self.clock() - began) * 1000)
        raise CanaryError(f"its write was not announced within {HEARD_WITHIN_S:g} s")

    def _write(self) -> Json:
        """Writes its item anew. Returns the version that this gave it."""
        document = (
            f"mutation ($id: ID!) {{ update{self.model}(input: {{id: $id}}) {{ id {_STAMPS} }} }}"
        )
        try:
            return self._version(self.api.execute(document, {"id": self.region}))
        except GraphqlError:
            # The first look of all: there is no item yet. If it was something else, this fails too.
            created = document.replace("update", "create", 1)
            self.api.execute(created, {"id": self.region})
            return self._version(self.api.execute(document, {"id": self.region}))

    def _version(self, answered: Mapping[str, Json]) -> Json:
        item = answered.get(f"update{self.model}") or {}
        return item.get("version")

    def _look_for(self, others: Sequence[str], found: Found) -> None:
        if not others:
            return
        asked = " ".join(
            f'r{number}: get{self.model}(id: "{region}") {{ updatedAt }}'
            for number, region in enumerate(others)
        )
        items = self.api.execute(f"query {{ {asked} }}")
        for number, region in enumerate(others):
            self._judge(region, items.get(f"r{number}"), found)

    def _judge(self, region: str, item: Json, found: Found) -> None:
        match item:
            case {"updatedAt": str(moment)}:
                age = max(0.0, self.now() - datetime.fromisoformat(moment).timestamp())
            case _:
                found.missing[region] = "no write of it has ever arrived here"
                return
        found.ages[region] = round(age * 1000)
        if age > SILENT_AFTER_S:
            found.missing[region] = f"its last write that arrived here is {age:.0f} s old"


# What the resolvers stamp, and the announcement is known by.
_STAMPS = "version updatedAt updatedIn"
