"""A Region's part of a probe: it writes here, and notes what it hears here of all Regions' writes.

The canaries of the Regions are woken at different times. So each says hello until it has heard
every other's, and once more: then all of them listen, and only then do they write what is measured.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from antipode.canary.beat import Ear
from antipode.canary.errors import CanaryError
from antipode.canary.order import Noted, Order
from antipode.json_values import Json

KINDS = ("CREATE", "UPDATE", "DELETE")

# So long the slowest may take to wake and to subscribe.
MEET_WITHIN_S = 20.0
HELLO_EVERY_S = 1.0
# Kept of the function's time, to hear of the last writes.
HEAR_AT_LEAST_S = 10.0
# After the last announcement: so long a double may come.
SETTLE_S = 0.5
_LOOK_S = 0.05
# How soon a subscriber sees that it is to end.
_TURN_S = 0.2


class Writer(Protocol):
    """One connection to the API, which is kept: to open one is no part of a write."""

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """Raises CanaryError if it refuses."""


class Api(Protocol):
    """A Region's API, as a client sees it."""

    def writing(self) -> AbstractContextManager[Writer]:
        """A connection for the length of a block. Raises CanaryError without a way to sign in."""

    def listening(
        self, documents: Sequence[str], variables: Mapping[str, Json]
    ) -> AbstractContextManager[Ear]:
        """Subscriptions for the length of a block. Raises CanaryError if one is refused."""


@dataclass(frozen=True)
class Prober:
    """A Region's part of any probe.

    Args:
        region: its code.
        model: whose items are written; its key is `id`.
        now: seconds since 1970; those of two Regions differ by as much as their clocks.
    """

    api: Api
    region: str
    model: str
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    hello_every_s: float = HELLO_EVERY_S
    meet_within_s: float = MEET_WITHIN_S
    settle_s: float = SETTLE_S

    def probe(self, order: Order, *, seconds: float) -> Noted:
        """Writes and listens, for no longer than these seconds."""
        noted, until = Noted(), self.now() + seconds
        documents = [
            f"subscription {{ on{kind.capitalize()}{self.model}"
            " { id _change { id kind sequence } } }"
            for kind in KINDS
        ]
        try:
            with self.api.listening(documents, {}) as ear, self._noting(ear, order, noted):
                try:
                    with self.api.writing() as writer:
                        self._meet(writer, order, noted)
                        self._write(writer, order, noted, until - HEAR_AT_LEAST_S)
                except CanaryError as error:
                    noted.problems.append(f"a write was refused: {error}")
                # Even so: the other Regions write, and are to be heard here.
                self._hear(order, noted, min(until, self.now() + order.within_s))
        except CanaryError as error:
            noted.problems.append(f"nothing was heard: {error}")
        return noted

    @contextmanager
    def _noting(self, ear: Ear, order: Order, noted: Noted) -> Iterator[None]:
        """Notes each announcement as it comes, while the block writes."""
        over = threading.Event()

        def listen() -> None:
            try:
                while not over.is_set():
                    if told := ear.told(timeout=_TURN_S):
                        at = self.now()
                        for item in told.data.values():
                            _note(item, order, noted, at)
            except CanaryError as error:
                noted.problems.append(f"the subscriber heard no more: {error}")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _meet(self, writer: Writer, order: Order, noted: Noted) -> None:
        """Waits until every Region listens, and wakes the relays on the way."""
        hello = _item(order, self.region, _HELLO)
        until = self.now() + self.meet_within_s
        self._execute(writer, "CREATE", hello)
        try:
            while (deaf := _unmet(order, noted)) and self.now() < until:
                self.sleep(self.hello_every_s)
                self._execute(writer, "UPDATE", hello)
            # Who was heard last has listened since, and may have missed those before.
            self._execute(writer, "UPDATE", hello)
        finally:
            with suppress(CanaryError):
                self._execute(writer, "DELETE", hello)
        if deaf:
            noted.problems.append(
                f"the canary of {', '.join(deaf)} was not heard within {self.meet_within_s:g} s"
            )

    def _write(self, writer: Writer, order: Order, noted: Noted, until: float) -> None:
        for number in range(order.items):
            if self.now() > until:
                noted.problems.append(
                    f"{number} of {order.items} items fitted into the function's time"
                )
                return
            for kind in KINDS:
                item, at = _item(order, self.region, f"{number}"), self.now()
                self._execute(writer, kind, item)
                noted.writes.append({"item": item, "kind": kind, "at": at})
                self.sleep(order.pause_s)

    def _hear(self, order: Order, noted: Noted, until: float) -> None:
        """Waits until all of every Region's writes are heard, but no longer than it may."""
        wanted = {
            (_item(order, region, f"{number}"), kind)
            for region in order.regions
            for number in range(order.items)
            for kind in KINDS
        }
        while self.now() < until and wanted - {(e["item"], e["kind"]) for e in noted.heard}:
            self.sleep(_LOOK_S)
        self.sleep(min(self.settle_s, max(0.0, until - self.now())))

    def _execute(self, writer: Writer, kind: str, item: str) -> None:
        field = f"{kind.lower()}{self.model}"
        document = f"mutation ($id: ID!) {{ {field}(input: {{id: $id}}) {{ id }} }}"
        writer.execute(document, {"id": item})


_HELLO = "hello"


def _item(order: Order, region: str, name: str) -> str:
    return f"probe-{order.run}-{region}-{name}"


def _unmet(order: Order, noted: Noted) -> list[str]:
    met = {each["item"] for each in noted.heard}
    return [region for region in order.regions if _item(order, region, _HELLO) not in met]


def _note(item: Json, order: Order, noted: Noted, at: float) -> None:
    match item:
        case {
            "id": str(key),
            "_change": {"id": str(change), "kind": str(kind), "sequence": str(sequence)},
        } if key.startswith(f"probe-{order.run}-"):
            noted.heard.append(
                {"item": key, "kind": kind, "change": change, "sequence": sequence, "at": at}
            )
