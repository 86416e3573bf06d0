"""What the relay takes: time and CPU a record, memory, doubles, and its start.

`python -m bench.relay [--json] [--seconds 0.01]`. A stand-in for AppSync, in a process of its own,
takes a fixed time for each request. Against it run, side by side: a textbook relay
(bench/textbook.py), this relay with 1, 8 and its default number of lanes, and the bound, which is
the service time divided by the lanes and nothing else.

With --json the output is a list of {case, who, records_per_second, cpu_us_per_record}.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import gc
import importlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.memory import Memory
from antipode.relay.pace import Pace
from antipode.relay.settings import DEFAULT_LANES
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PYTHONPATH = os.pathsep.join(str(ROOT / part) for part in ("", "src", "src/layer"))
SIZES = (100, 1_000)
LANES = (1, 8, DEFAULT_LANES)

Json = Any  # as the json module reads it
Handler = Callable[[Json, Any], Json]

_numbers = count(10**20)


@dataclass(frozen=True)
class Measurement:
    """One case, run by one relay. The bound takes no CPU."""

    case: str
    who: str
    records_per_second: float
    cpu_us_per_record: float


class Context:
    """Lambda's context object, with more time left than any batch takes."""

    function_name = invoked_function_arn = aws_request_id = "bench"
    memory_limit_in_mb = 1024

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@contextlib.contextmanager
def stand_in(seconds: float) -> Iterator[int]:
    """The port of a server that takes so long for each request."""
    command = [sys.executable, "-m", "tests.fakes.appsync", "--seconds", str(seconds)]
    environ = os.environ | {"PYTHONPATH": PYTHONPATH}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def environment(url: str) -> dict[str, str]:
    """The function's environment. The session token is as long as a real one."""
    return {
        "GRAPHQL_URL": url,
        "TABLE_PREFIX": "antipode-",
        "UNDELIVERED_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "t" * 900,
        "POWERTOOLS_SERVICE_NAME": "relay",
        "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
        "POWERTOOLS_LOG_LEVEL": "ERROR",  # the lines of a batch are few, and would be in the table
        "PYTHONPATH": PYTHONPATH,
    }


def batch(records: int, items: int) -> Json:
    """A batch that nobody has seen before, spread evenly over so many items."""
    sample = json.loads((ROOT / "events" / "modify.json").read_text())["Records"][0]
    return {"Records": [_record(sample, f"Item{number % items:05}") for number in range(records)]}


def _record(sample: Json, item: str) -> Json:
    number, record = next(_numbers), json.loads(json.dumps(sample))
    record["eventID"] = f"{number:032x}"
    stream = record["dynamodb"]
    stream["SequenceNumber"] = str(number)
    stream["Keys"]["id"] = stream["NewImage"]["id"] = stream["OldImage"]["id"] = {"S": item}
    return record


def relays() -> dict[str, Handler]:
    """Each relay by its name, ready to run in this process's environment."""
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
    """Records a second and CPU time a record in microseconds: the medians of so many batches."""
    handler(batch(min(records, 100), items), Context())  # opens the connections
    rates, costs = [], []
    for event in [batch(records, items) for _ in range(runs)]:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        answer = handler(event, Context())
        rates.append(records / (time.perf_counter() - wall))
        costs.append((time.process_time() - cpu) / records * 1e6)
        assert answer == {"batchItemFailures": []}, answer
    return statistics.median(rates), statistics.median(costs)


def speed(seconds: float) -> Iterator[Measurement]:
    """Every case by every relay, and the bound of the default lanes."""
    for records in SIZES:
        for items in (records, 10, 1):
            case = f"{records} records, {items} item{'s' * (items > 1)}"
            for who, handler in relays().items():
                in_sequence = who == "textbook" or items == 1 or who == "1 lane"
                with contextlib.redirect_stdout(io.StringIO()):
                    rate, cost = measure(handler, records, items, runs=1 if in_sequence else 5)
                yield Measurement(case, who, round(rate, 1), round(cost, 1))
            yield Measurement(case, "bound", round(min(DEFAULT_LANES, items) / seconds, 1), 0.0)


# -- Memory, start and doubles ------------------------------------------------------------------

MEMORY = """
import contextlib, io, json, resource, sys
import relay.app
from bench.relay import Context, batch

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

with contextlib.redirect_stdout(io.StringIO()):
    relay.app.handler(batch(1, 1), Context())
text = sys.stdin.read()
empty = resident()
event = json.loads(text)
loaded = resident()
with contextlib.redirect_stdout(io.StringIO()):
    assert relay.app.handler(event, Context()) == {"batchItemFailures": []}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([loaded - empty, peak - empty]))
"""

NEEDED = "import requests_aws4auth; from aws_lambda_powertools import Logger, Metrics"
START = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def memory(records: int) -> tuple[float, float]:
    """MB beyond the process before it: of the batch as Lambda hands it over, and at the most."""
    with stand_in(0) as port:
        environ = environment(f"http://127.0.0.1:{port}/graphql")
        event = json.dumps(batch(records, records))
        output = _run(MEMORY, environ, given=event)
    event_bytes, peak_bytes = json.loads(output)
    return event_bytes / 2**20, peak_bytes / 2**20


def start(runs: int = 9) -> tuple[float, float]:
    """CPU seconds to import what the relay cannot do without, and the handler: the least of all."""
    url = "https://example.appsync-api.eu-west-1.amazonaws.com/graphql"
    with tempfile.TemporaryDirectory() as cache:
        # With its byte code on disk, as an import after the first has it.
        environ = environment(url) | {"PYTHONPYCACHEPREFIX": cache}
        times = [
            [float(_run(START.format(what), environ)) for what in (NEEDED, "import relay.app")]
            for _ in range(runs)
        ]
    return min(needed for needed, _ in times), min(handler for _, handler in times)


def _run(script: str, environ: dict[str, str], given: str = "") -> str:
    command = [sys.executable, "-c", script]
    ran = subprocess.run(
        command, env=environ, cwd=ROOT, input=given, capture_output=True, check=True, text=True
    )
    return ran.stdout


class FailingOnce:
    """An AppSync in memory that fails for one change until it is mended."""

    def __init__(self, event_id: str) -> None:
        self.fails: str | None = event_id
        self.announced: list[str] = []

    async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
        event_id = json.loads(json.loads(body)["variables"]["change"])["_change"]["id"]
        if event_id == self.fails:
            return Answer(AnswerKind.RETRY, "status 503")
        self.announced.append(event_id)
        return PUBLISHED


def doubles(records: int, *, remembering: bool) -> int:
    """How many of a batch are announced twice, if its first record fails once."""
    app = importlib.import_module("relay.app")
    event = batch(records, records)
    appsync = FailingOnce(event["Records"][0]["eventID"])
    capacity = 2 * records if remembering else 0
    relay = dataclasses.replace(app.relay, publisher=appsync, published=Memory(capacity))
    asyncio.run(relay.publish(event, seconds=0.2))
    appsync.fails = None
    # All of it again: the first record is the lowest that failed.
    asyncio.run(relay.publish(event, seconds=60))
    return len(appsync.announced) - len(set(appsync.announced))


# -- The report ---------------------------------------------------------------------------------


def report(measurements: list[Measurement], console: Console) -> None:
    """The table, and what is in no table."""
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
    event, peak = memory(10_000)
    console.print(f"Memory of 10,000 records: {event:.0f} MB as an event, {peak:.0f} MB at most")
    needed, handler = start()
    console.print(
        f"Import of the handler: {handler * 1e3:.0f} ms of CPU, {handler / needed:.2f} times what "
        f"it cannot do without ({needed * 1e3:.0f} ms)"
    )
    console.print(
        f"Announced twice when the first of 100 fails once: {doubles(100, remembering=True)}; "
        f"without the memory {doubles(100, remembering=False)}"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    parser.add_argument("--seconds", type=float, default=0.01, help="service time of a request")
    chosen = parser.parse_args()
    with stand_in(chosen.seconds) as port:
        os.environ |= environment(f"http://127.0.0.1:{port}/graphql")
        measurements = list(speed(chosen.seconds))
        if chosen.json:
            print(json.dumps([asdict(one) for one in measurements], indent=2))  # noqa: T201
        else:
            report(measurements, Console())


if __name__ == "__main__":
    main()
