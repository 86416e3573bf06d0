"""The probe itself: a subscriber in every Region, and writes in every Region, all at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from antipode.canary.errors import GraphqlError
from antipode.canary.graphql import Graphql

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.probe.listening import TIMEOUT_S, Ear, listening
from antipode_tools.operate.probe.matrix import Kind, Matrix, Write, judged, missing
from antipode_tools.project.sample import Sample, new_key, sample, written

# After the last announcement: so long a double may come.
_SETTLE_S = 0.5
_LOOK_S = 0.05


@dataclass(frozen=True)
class Plan:
    """How much is written, and how long is waited.

    Args:
        items: written in each Region, one after the other; each is created, changed and deleted.
        pause_s: from one write of a Region to its next.
        within_s: after the last write, until what was not heard counts as lost.
    """

    items: int
    pause_s: float
    within_s: float


@dataclass(frozen=True)
class Result:
    """What a probe found.

    Args:
        problems: what went wrong besides: a Region that refused a write, a connection that ended.
    """

    matrix: Matrix
    problems: Sequence[str]


def run(
    endpoints: Sequence[Endpoint],
    plan: Plan,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Writes in every Region, and listens in every Region.

    The first item of each Region is not judged: it wakes functions that no client had called.

    Raises:
        OperationError: a Region was not reached when the probe began.
        NothingToTryError: an API has no model to write an item of.
    """
    names = [endpoint.name for endpoint in endpoints]
    with ExitStack() as exits:
        ears = [
            exits.enter_context(listening(endpoint, _item(endpoint), clock))
            for endpoint in endpoints
        ]
        warming = _written(endpoints, 1, plan.pause_s, clock, sleep)
        _await(names, warming.writes, ears, plan.within_s, clock, sleep)
        work = _written(endpoints, plan.items, plan.pause_s, clock, sleep)
        _await(names, work.writes, ears, plan.within_s, clock, sleep)
        sleep(_SETTLE_S)
    heard = [each for ear in ears for each in ear.heard]
    problems = [*warming.problems, *work.problems, *(ear.ended for ear in ears if ear.ended)]
    return Result(judged(names, work.writes, heard), list(dict.fromkeys(problems)))


@dataclass(frozen=True)
class _Work:
    writes: list[Write]
    problems: list[str]


def _written(
    endpoints: Sequence[Endpoint],
    items: int,
    pause_s: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> _Work:
    """Writes in every Region at once, and waits until all are done."""
    work = _Work([], [])

    def write(endpoint: Endpoint) -> None:
        try:
            with closing(_writer(endpoint)) as writer:
                for _ in range(items):
                    for kind, key, document in _acts(_item(endpoint)):
                        at = clock()
                        writer.execute(document)
                        work.writes.append(Write(endpoint.name, key, kind, at))
                        sleep(pause_s)
        except GraphqlError as error:
            work.problems.append(f"{endpoint.name} refused a write: {error}")

    threads = [threading.Thread(target=write, args=(endpoint,)) for endpoint in endpoints]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return work


def _await(
    names: Sequence[str],
    writes: Sequence[Write],
    ears: Sequence[Ear],
    within_s: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Waits until every Region has heard of every write, but no longer than it may."""
    until = clock() + within_s
    while clock() < until and missing(names, writes, [h for ear in ears for h in ear.heard]):
        sleep(_LOOK_S)


def _writer(endpoint: Endpoint) -> Graphql:
    return Graphql(endpoint.graphql_url, endpoint.sign, timeout=TIMEOUT_S)


def _item(endpoint: Endpoint) -> Sample:
    return sample(endpoint.schema, endpoint.models, key=new_key())


def _acts(item: Sample) -> list[tuple[Kind, str, str]]:
    """The writes of one item: what each does, the item's key as text, and the mutation."""
    key = "/".join(value.strip('"') for value in item.key.values())
    inputs = {
        Kind.CREATE: {**item.key, **item.created},
        Kind.UPDATE: {**item.key, **item.updated},
        Kind.DELETE: item.key,
    }
    return [
        (
            kind,
            key,
            f"mutation {{ {kind.lower()}{item.model}(input: {{{written(values)}}})"
            f" {{ {' '.join(item.key)} }} }}",
        )
        for kind, values in inputs.items()
    ]
