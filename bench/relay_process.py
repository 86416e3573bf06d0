"""What is measured of the relay in a process of its own: memory, start, doubles, part of a CPU."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.memory import Memory

from bench.invoking import ROOT, ServiceTime, batch, environment, stand_in

MEMORY = """
import contextlib, io, json, resource, sys
import relay.app
from bench.invoking import Context, batch

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

TEXTBOOK = "import requests_aws4auth; from aws_lambda_powertools import Logger, Metrics"
START = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def memory(records: int) -> tuple[float, float]:
    """MB beyond the process before it: of the batch as Lambda hands it over, and at the most."""
    with stand_in(ServiceTime(0)) as environ:
        event = json.dumps(batch(records, records))
        output = _run(MEMORY, environ, given=event)
    event_bytes, peak_bytes = json.loads(output)
    return event_bytes / 2**20, peak_bytes / 2**20


def start(runs: int = 9) -> tuple[float, float]:
    """CPU seconds to import what a textbook relay takes, and the handler: the least of all."""
    url = "https://example.appsync-api.eu-west-1.amazonaws.com/graphql"
    with tempfile.TemporaryDirectory() as cache:
        # With its byte code on disk, as an import after the first has it.
        environ = environment(url) | {"PYTHONPYCACHEPREFIX": cache}
        times = [
            [float(_run(START.format(what), environ)) for what in (TEXTBOOK, "import relay.app")]
            for _ in range(runs)
        ]
    return min(textbook for textbook, _ in times), min(handler for _, handler in times)


def _run(script: str, environ: dict[str, str], given: str = "") -> str:
    command = [sys.executable, "-c", script]
    ran = subprocess.run(
        command, env=environ, cwd=ROOT, input=given, capture_output=True, check=True, text=True
    )
    return ran.stdout


LIMITED = """
import contextlib, io, time
import relay.app
from bench.invoking import Context, batch

quiet = contextlib.redirect_stdout(io.StringIO())
with quiet:
    for _ in range(2):
        relay.app.handler(batch(250, 250), Context())
events = [batch(250, 250) for _ in range(16)]
print("ready", flush=True)
began = time.perf_counter()
with quiet:
    for event in events:
        assert relay.app.handler(event, Context()) == {"batchItemFailures": []}
print(250 * len(events) / (time.perf_counter() - began), flush=True)
"""

# Lambda gives a function its part of the processor in periods about as long as this.
PERIOD_S = 0.02


def limited(service: ServiceTime, share: float = 0.58) -> float:
    """Records a second of a process that gets so much of a processor, batch after batch."""
    with stand_in(service) as environ:
        command = [sys.executable, "-c", LIMITED]
        relay = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert relay.stdout is not None
        with relay:
            assert relay.stdout.readline() == "ready\n"
            _limit(relay, share)
            return float(relay.stdout.readline())


def _limit(process: subprocess.Popen[str], share: float) -> None:
    """Stops a process in each period once it has had its share, until it ends."""
    while process.poll() is None:
        period, used = time.perf_counter(), _cpu(process.pid)
        while time.perf_counter() - period < PERIOD_S:
            time.sleep(PERIOD_S / 20)
            if _cpu(process.pid) - used >= share * PERIOD_S and process.poll() is None:
                process.send_signal(signal.SIGSTOP)
                time.sleep(max(0.0, period + PERIOD_S - time.perf_counter()))
                process.send_signal(signal.SIGCONT)
                break


def _cpu(pid: int) -> float:
    """Seconds that a process was on a processor."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


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
