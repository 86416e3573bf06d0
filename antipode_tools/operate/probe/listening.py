"""A subscriber in one Region, which notes what it hears and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from antipode.canary.errors import RealtimeError
from antipode.canary.realtime import Realtime, connected
from antipode.json_values import Json

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.probe.matrix import Heard, Kind
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.sample import Sample

TIMEOUT_S = 15.0
# How soon a subscriber sees that it is to end.
_LOOK_S = 0.2


class Ear:
    """What one Region's subscriber has heard, and what ended it."""

    def __init__(self, endpoint: Endpoint, item: Sample, clock: Callable[[], float]) -> None:
        self.heard: list[Heard] = []
        self.ended: str = ""
        self._endpoint, self._item, self._clock = endpoint, item, clock

    def listen(self, realtime: Realtime, until: threading.Event) -> None:
        """Notes every announcement, until it is to end."""
        try:
            while not until.is_set():
                if told := realtime.told(timeout=_LOOK_S):
                    [item] = told.data.values()
                    self._note(item, self._clock())
        except RealtimeError as error:
            self.ended = f"the subscriber in {self._endpoint.name} heard no more: {error}"

    def _note(self, item: Json, at: float) -> None:
        match item:
            case {"_change": {"id": str(id_), "kind": str(kind), "sequence": str(sequence)}}:
                key = key_of(item, self._item)
                region = self._endpoint.name
                self.heard.append(Heard(region, key, Kind(kind), id_, int(sequence), at))


def key_of(item: Json, sample: Sample) -> str:
    """An item's key, as text: the values of its fields."""
    return "/".join(str(item.get(name)) for name in sample.key)


@contextmanager
def listening(endpoint: Endpoint, item: Sample, clock: Callable[[], float]) -> Iterator[Ear]:
    """Subscribes to the creates, updates and deletes of the item's model; then the block begins.

    Raises:
        OperationError: the Region refused, or was not reached.
    """
    ear, over = Ear(endpoint, item, clock), threading.Event()
    with ExitStack() as exits:
        try:
            realtime = exits.enter_context(
                connected(
                    endpoint.realtime_url, endpoint.graphql_url, endpoint.sign, timeout=TIMEOUT_S
                )
            )
            for kind in Kind:
                realtime.subscribe(_subscription(kind, item), {}, timeout=TIMEOUT_S)
        except RealtimeError as error:
            raise OperationError(f"cannot subscribe in {endpoint.name}: {error}") from error
        thread = threading.Thread(target=ear.listen, args=(realtime, over), daemon=True)
        thread.start()
        try:
            yield ear
        finally:
            over.set()
            thread.join()


def _subscription(kind: Kind, item: Sample) -> str:
    field = f"on{kind.capitalize()}{item.model}"
    return f"subscription {{ {field} {{ {' '.join(item.key)} _change {{ id kind sequence }} }} }}"
