"""What the relay takes: records a second, CPU and age of a record, memory, doubles, and its start.

`python -m bench.relay [--json] [--seconds 0.01 0.025] [--spread 0.5] [--poll 0.25]`. A stand-in for
AppSync, in a process of its own, takes so long for each request, give or take the spread, over TLS.
Against it run, side by side: a textbook relay (bench/textbook.py), this relay with one, its default
and twice as many lanes, and the bound, which is the lanes divided by the service time.

With --json the output is a list of {case, who, records_per_second, cpu_us_per_record}.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import importlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from antipode.relay.pace import Pace
from antipode.relay.settings import DEFAULT_LANES
from rich.console import Console
from rich.table import Table

from bench.figures import percentile
from bench.invoking import ROOT, Context, Json, ServiceTime, batch, stand_in
from bench.relay_process import doubles, limited, memory, start

# The records of a batch, and of how many items: the largest, what a busy shard gives at a poll, and
# fewer items than lanes.
CASES = ((1_000, 1_000), (250, 250), (250, 10), (250, 1))
# What a shard gives at a poll when it is written to 100 and 1,000 times a second.
BATCHES = (25, 250)
LANES = (1, DEFAULT_LANES, 2 * DEFAULT_LANES)

Handler = Callable[[Json, Any], Json]


@dataclass(frozen=True)
class Measurement:
    """One case, run by one relay. The bound takes no CPU."""

    case: str
    who: str
    records_per_second: float
    cpu_us_per_record: float


def relays() -> dict[str, Handler]:
    """Each relay by its name, new in this process's environment."""
    sys.modules.pop("relay.app", None)  # its settings are those of the environment
    app = importlib.import_module("relay.app")
    textbook = importlib.import_module("bench.textbook")
    ours = {f"{lanes} lane{'s' * (lanes > 1)}": _with_lanes(app, lanes) for lanes in LANES}
    return {"textbook": textbook.handler, **ours}


def _with_lanes(app: Any, lanes: int) -> Handler:  # the module, one of whose names is set
    """The handler of src/relay/app.py with another number of lanes."""
    relay = dataclasses.replace(app.relay, pace=Pace(lanes))

    def handler(event: Json, context: Any) -> Json:
        app.relay = relay
        return app.handler(event, context)

    return handler


def measure(handler: Handler, records: int, items: int, runs: int) -> tuple[float, float]:
    """Records a second and CPU time a record in microseconds: the best of so many batches, since
    whatever else runs on the machine can only take from them."""
    handler(batch(min(records, 250), items), Context())  # opens the connections
    rates, costs = [], []
    for event in [batch(records, items) for _ in range(runs)]:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        answer = handler(event, Context())
        rates.append(records / (time.perf_counter() - wall))
        costs.append((time.process_time() - cpu) / records * 1e6)
        assert answer == {"batchItemFailures": []}, answer
    return max(rates), min(costs)


def speed(service: ServiceTime, runs: int) -> Iterator[Measurement]:
    """Every case by every relay, and the bound of the default lanes."""
    for records, items in CASES:
        case = f"{service.seconds * 1e3:g} ms, {records} records, {items} item{'s' * (items > 1)}"
        for who, handler in relays().items():
            in_sequence = who == "textbook" or items == 1 or who == "1 lane"
            size = min(records, 250) if in_sequence else records
            with contextlib.redirect_stdout(io.StringIO()):
                rate, cost = measure(handler, size, items, 1 if in_sequence else runs)
            yield Measurement(case, who, round(rate, 1), round(cost, 1))
        bound = min(DEFAULT_LANES, items) / service.seconds
        yield Measurement(case, "bound", round(bound, 1), 0.0)


def ages(records: int, batches: int = 20) -> list[float]:
    """Milliseconds from the beginning of an invocation to each of its announcements."""
    app = importlib.import_module("relay.app")
    found: list[float] = []
    for event in [batch(records, records) for _ in range(batches)]:
        began = time.time()
        tasks = app.runner.run(app.relay.publish(event, seconds=60))
        found += [(task.published_at - began) * 1e3 for task in tasks]
    return found


def added(in_invocation: list[float], poll: float) -> list[float]:
    """Milliseconds that this system adds to a replication's own time, on paper: a record waits for
    the next poll, which comes at any moment of its interval, and then its turn in the batch."""
    waits = [(number + 0.5) / 200 * poll * 1e3 for number in range(200)]
    return [wait + age for wait in waits for age in in_invocation]


def report(measurements: list[Measurement], console: Console) -> None:
    """The table of speed."""
    table = Table("case", "who", "records/s", "x textbook", "of bound", "CPU us", "of textbook")
    for one in measurements:
        mine = {other.who: other for other in measurements if other.case == one.case}
        textbook, bound = mine["textbook"], mine["bound"]
        table.add_row(
            one.case if one.who == "textbook" else "",
            one.who,
            f"{one.records_per_second:,.0f}",
            f"{one.records_per_second / textbook.records_per_second:.1f}",
            f"{one.records_per_second / bound.records_per_second:.0%}",
            f"{one.cpu_us_per_record:,.0f}",
            f"{one.cpu_us_per_record / textbook.cpu_us_per_record:.2f}",
            end_section=one.who == "bound",
        )
    console.print(table)


def report_ages(found: dict[str, list[float]], poll: float, console: Console) -> None:
    """What a record waits, in its invocation and before it."""
    for case, in_invocation in found.items():
        latency = added(in_invocation, poll)
        within, in_all = (
            f"p50 {percentile(each, 50):.0f} ms, p99 {percentile(each, 99):.0f} ms"
            for each in (in_invocation, latency)
        )
        console.print(
            f"{case}: age within an invocation {within};"
            f" with a poll every {poll * 1e3:g} ms, on paper, {in_all}"
        )


def report_process(service: ServiceTime, console: Console) -> None:
    """What is measured in processes of their own."""
    rate = limited(service)
    console.print(
        f"With 0.58 of a processor (1,024 MB), {service.seconds * 1e3:g} ms, batches of 250:"
        f" {rate:,.0f} records/s"
    )
    event, peak = memory(10_000)
    console.print(f"Memory of 10,000 records: {event:.0f} MB as an event, {peak:.0f} MB at most")
    textbook, handler = start()
    console.print(
        f"Import of the handler: {handler * 1e3:.0f} ms of CPU, {handler / textbook:.2f} times that"
        f" of a textbook relay's packages ({textbook * 1e3:.0f} ms)"
    )
    console.print(
        f"Announced twice when the first of 100 fails once: {doubles(100, remembering=True)};"
        f" without the memory {doubles(100, remembering=False)}"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    parser.add_argument(
        "--seconds",
        type=float,
        nargs="+",
        default=[0.01, 0.025],
        help="service times of a request, one after the other",
    )
    parser.add_argument(
        "--spread", type=float, default=0.5, help="the part by which a service time varies"
    )
    parser.add_argument(
        "--poll", type=float, default=0.25, help="Lambda polls so often, in seconds"
    )
    parser.add_argument("--runs", type=int, default=5, help="batches of a case, of which the best")
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT / "src"))
    measurements: list[Measurement] = []
    found: dict[str, list[float]] = {}
    for service in [ServiceTime(seconds, chosen.spread) for seconds in chosen.seconds]:
        with stand_in(service) as environ:
            os.environ |= environ
            measurements += speed(service, chosen.runs)
            for records in BATCHES:
                case = f"{service.seconds * 1e3:g} ms, batches of {records}"
                found[case] = ages(records)
    if chosen.json:
        print(json.dumps([asdict(one) for one in measurements], indent=2))  # noqa: T201
        return
    console = Console()
    report(measurements, console)
    report_ages(found, chosen.poll, console)
    report_process(service, console)


if __name__ == "__main__":
    main()
