"""What the local world costs: its start, its memory, and the speed of the whole chain.

`python -m bench.world [--json] [--no-cold] [--writes 10000]`. Takes some ten minutes and most of
two cores; on free ports, with files of its own. Without --json a table, else a list of
{case, value, unit, aim}; what is being measured, and the load of the machine before it, go to
standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from antipode_tools.project.world_file import WorldFile
from bench import chain, cold, memory
from bench.figures import Figure, as_json, as_table, percentile
from bench.starting import Antipode, Start

# The middle one counts, after one that fills the caches.
_STARTS = 3

_HEARD = 500
_MUTATIONS = 1_000
_CONNECTIONS = (1, 8, 50)
_SUBSCRIBERS = 100
_FAN_OUT = 300


def measure(folder: Path, *, writes: int, with_cold: bool) -> Iterator[Figure]:
    """Everything, in several worlds one after the other: what one measures burdens the next."""
    antipode = Antipode(folder / "warm")
    starts: list[Start] = []
    _say("up, to fill the caches")
    with antipode.running([]):
        pass
    _say("up, and the chain")
    with antipode.running(starts) as world:
        yield from _chain(world)
    if memory.AVAILABLE:
        _say("up, and memory")
        with antipode.running(starts) as world:
            yield from _memory(world, writes)
    while len(starts) < _STARTS:
        _say("up")
        with antipode.running(starts):
            pass
    yield from _starts(starts)
    if with_cold:
        yield from _cold(folder / "cold")


def _starts(starts: list[Start]) -> Iterator[Figure]:
    whole = statistics.median(start.seconds for start in starts)
    yield Figure("antipode up, warm caches", whole, "s", aim=20)
    for step in starts[0].steps:
        seconds = statistics.median(start.steps[step] for start in starts)
        yield Figure(f"  {step}", seconds, "s")


def _cold(folder: Path) -> Iterator[Figure]:
    _say("make demo in a fresh clone")
    folder.mkdir()
    try:
        measured = cold.measure(folder)
    except cold.NoPackages:
        _say("make demo is left out: the Python environment cannot be made without the network")
        return
    yield Figure("make demo, fresh clone", measured.setup + measured.demo, "s", aim=60)
    yield Figure("  the Python environment", measured.setup, "s")
    yield Figure("  the demo", measured.demo, "s")


def _chain(world: WorldFile) -> Iterator[Figure]:
    _say("write to notification")
    yield from _latency(world)
    for connections in _CONNECTIONS:
        _say(f"mutations over {connections} connections")
        write = chain.mutations(world, _MUTATIONS, connections)
        written, _ = asyncio.run(chain.seconds(world, write, _MUTATIONS))
        case = f"createItemsModel, {connections} connection{'s' * (connections > 1)}"
        yield Figure(case, _MUTATIONS / written, "a second")
    _say(f"notifications to {_SUBSCRIBERS} subscribers")
    took = asyncio.run(chain.fan_out(world, _SUBSCRIBERS, _FAN_OUT))
    case = f"notifications to {_SUBSCRIBERS} subscribers"
    yield Figure(case, _FAN_OUT * _SUBSCRIBERS / took, "a second")


def _latency(world: WorldFile) -> Iterator[Figure]:
    [first] = asyncio.run(chain.hear(world, 1))
    yield Figure("Sydney to Ireland, the first write", first.heard * 1000, "ms")
    since = time.time()
    heard = asyncio.run(chain.hear(world, _HEARD))
    runs = chain.relay_durations(world, since)
    empty = chain.empty_invocations(world, 100)
    case = f"Sydney to Ireland, {_HEARD} writes"
    yield _ms(f"{case}, p50", [each.heard for each in heard], 50, aim=200)
    yield _ms(f"{case}, p99", [each.heard for each in heard], 99)
    yield _ms("  heard in Sydney itself, p50", [each.heard_at_home for each in heard], 50)
    added = [each.heard - each.heard_at_home for each in heard]
    yield _ms("  replication adds, p50", added, 50)
    yield _ms("  the resolver has stamped the item, p50", [each.stamped for each in heard], 50)
    yield _ms("  the writer is answered, p50", [each.answered for each in heard], 50)
    yield _ms("  a run of the relay in Ireland, p50", runs, 50)
    yield _ms("  an invocation with nothing to do, p50", empty, 50)


def _ms(case: str, seconds: list[float], percent: int, aim: float | None = None) -> Figure:
    return Figure(case, percentile(seconds, percent) * 1000, "ms", aim)


def _memory(world: WorldFile, writes: int) -> Iterator[Figure]:
    """Idle, after new items, after the same items again (which adds only history), after more."""
    kinds = {
        "in batches": chain.batches(world, writes, "item"),
        "in batches, the same items": chain.batches(world, writes, "item", text="y" * 100),
        "through AppSync": chain.mutations(world, writes, connections=8),
    }
    asyncio.run(chain.hear(world, 1))  # starts the functions
    before = memory.of_world(world.pids.world)
    yield Figure("memory, idle", before.total, "MB", aim=600)
    for number, (kind, write) in enumerate(kinds.items(), start=1):
        _say(f"memory after {writes:,} writes {kind}")
        _, announced = asyncio.run(chain.seconds(world, write, writes))
        after = memory.of_world(world.pids.world)
        yield Figure(f"memory after {number * writes:,} writes", after.total, "MB", aim=600)
        yield Figure(f"  of the last {writes:,} {kind}: engine", after.engine - before.engine, "MB")
        yield Figure("  AppSync and the poller", after.world - before.world, "MB")
        yield Figure("  functions", after.functions - before.functions, "MB")
        yield Figure("  announced in each Region", writes / announced, "a second")
        before = after


def _say(what: str) -> None:
    sys.stderr.write(f"{what} (load {os.getloadavg()[0]:.1f})\n")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.world", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--no-cold", action="store_true", help="leave the fresh clone out")
    parser.add_argument("--writes", type=int, default=10_000, help="between looks at the memory")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="antipode-bench-") as folder:
        figures = list(measure(Path(folder), writes=chosen.writes, with_cold=not chosen.no_cold))
    sys.stdout.write((as_json if chosen.json else as_table)(figures) + "\n")


if __name__ == "__main__":
    main()
