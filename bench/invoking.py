"""What the measurements of the relay share: its environment, its batches, an AppSync to call."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.fakes.certificate import make_certificate

ROOT = Path(__file__).parent.parent
PYTHONPATH = os.pathsep.join(str(ROOT / part) for part in ("", "src", "src/layer"))

Json = Any  # as the json module reads it

_numbers = count(10**20)


class Context:
    """Lambda's context object, with more time left than any batch takes."""

    function_name = invoked_function_arn = aws_request_id = "bench"
    memory_limit_in_mb = 1024

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@dataclass(frozen=True)
class ServiceTime:
    """How long AppSync takes for a request, in seconds: so long, give or take a part of it."""

    seconds: float
    spread: float = 0.0


@contextlib.contextmanager
def stand_in(time: ServiceTime) -> Iterator[dict[str, str]]:
    """The relay's environment beside a server that takes so long for each request, over TLS."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "localhost.pem")
        certificate.write_bytes(make_certificate("localhost"))
        command = [sys.executable, "-m", "tests.fakes.appsync", "--seconds", str(time.seconds)]
        command += ["--spread", str(time.spread), "--certificate", str(certificate)]
        environ = os.environ | {"PYTHONPATH": PYTHONPATH}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, cwd=ROOT) as server:
            assert server.stdout is not None
            try:
                port = int(server.stdout.readline())
                trusted = {
                    "SSL_CERT_FILE": str(certificate),
                    "REQUESTS_CA_BUNDLE": str(certificate),
                }
                yield environment(f"https://localhost:{port}/graphql") | trusted
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
        "STACK_NAME": "antipode",
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
