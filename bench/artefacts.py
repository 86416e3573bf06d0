"""What is deployed: how large it is, and how long a function takes to load before its first event.

`python -m bench.artefacts [--json] [--build FOLDER] [--python PATH] [--runs 15]`. Builds with `sam
build`, unless it is told where that was done. Each load is a process of its own, which imports the
handler with nothing on its path but what Lambda has there: the function, its layers and what the
runtime brings. As there, only the runtime has byte code on disk. The interpreter's own start does
not count. The least of all runs is given.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from antipode_tools.project.yaml_loader import SafeLoader
from bench.figures import Figure, as_json, as_table

ROOT = Path(__file__).parent.parent

# What Lambda's Python runtimes hold beside the standard library.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")

# What Lambda sets, and what stands for the values that only a deployment knows.
LAMBDA = {
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
}
DEPLOYED = {
    "GRAPHQL_URL": "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
    "TABLE_PREFIX": "antipode-",
    "UNDELIVERED_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/undelivered",
    "LANES": "32",
    "PUBLISH_RATE": "0",
    "LOG_CHANGES": "false",
    "POWERTOOLS_SERVICE_NAME": "relay",
    "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
    "STACK_NAME": "antipode",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "RELAY_ALARMS": "antipode-RelayStuckAlarm-0F,antipode-RelayThrottledAlarm-0F",
    "TABLE": "antipode-ItemsModel",
    "PARTITION_KEY": "id",
    "PARTITION_KEY_TYPE": "S",
    "SORT_KEY": "",
    "SORT_KEY_TYPE": "S",
    "DRAINED_PARAMETER": "CFN-Drained-0f",
    "TOKEN_ISSUER": "antipode",
    "TOKEN_AUDIENCE": "antipode",
    "TOKEN_JWKS_URL": "",
    "TOKEN_CLOCK_SKEW": "30",
    "TOKEN_SECRET_ID": "antipode-token",
    "AUTHORIZER_CACHE_SECONDS": "300",
    "REALTIME_URL": "wss://abc.appsync-realtime-api.eu-west-1.amazonaws.com/graphql",
    "API_ID": "abc",
    "AUTH_MODE": "API_KEY",
    "MODEL": "ItemsModel",
    "REGIONS": "eu-west-1,ap-southeast-2",
}

SHARED = "SharedLayer"
FUNCTIONS = (
    "RelayFunction",
    "AuthorizerFunction",
    "HealthFunction",
    "CanaryFunction",
    "ReplicaFunction",
)
LAYERS = (SHARED, "AsymmetricLayer")

_LOAD = """
import sys, time
sys.path[:0] = {paths!r}
began, spent = time.perf_counter(), time.process_time()
import {module}
took, cpu = time.perf_counter() - began, time.process_time() - spent
assert callable({module}.{handler})
print(took, cpu)
"""


@dataclass(frozen=True)
class Load:
    """How long an import took, in seconds of the wall and of the processor."""

    wall: float
    cpu: float


def runtime(folder: Path) -> Path:
    """Fills a folder with the packages of Lambda's runtime and no others."""
    for name in RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (folder / source.name).symlink_to(source)
    return folder


def loaded(
    build: Path,
    function: str,
    *folders: Path,
    python: str = sys.executable,
    **changes: str,
) -> subprocess.CompletedProcess[str]:
    """Imports a function's handler as Lambda would, with these folders alone on the path."""
    properties = _properties(build, function)
    variables = properties.get("Environment", {"Variables": {}})["Variables"]
    module, _, handler = properties["Handler"].rpartition(".")
    paths = [str(folder) for folder in (build / function, *folders)]
    # -I and -S: neither the environment, nor the current folder, nor site-packages.
    return subprocess.run(
        [
            *(python, "-I", "-S", "-B", "-c"),
            _LOAD.format(paths=paths, module=module, handler=handler),
        ],
        env={**LAMBDA, **{name: DEPLOYED[name] for name in variables}, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def load(build: Path, function: str, runtime: Path, python: str = sys.executable) -> Load:
    """One load, in a process of its own.

    Raises:
        ValueError: the handler cannot be imported.
    """
    ended = loaded(build, function, build / SHARED / "python", runtime, python=python)
    if ended.returncode != 0:
        raise ValueError(f"{function} does not load: {ended.stderr.strip()}")
    return Load(*map(float, ended.stdout.split()))


def zipped(folder: Path) -> int:
    """The bytes of a folder, zipped as it is uploaded."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                written.write(file, file.relative_to(folder))
    return len(archive.getvalue())


def measure(build: Path, runs: int, python: str = sys.executable) -> Iterator[Figure]:
    """The size of everything, and the load of each function."""
    for name in (*LAYERS, *FUNCTIONS):
        yield Figure(f"{name}, zipped", zipped(build / name) / 1_000, "kB")
    with tempfile.TemporaryDirectory() as folder:
        brought = runtime(Path(folder))
        for function in FUNCTIONS:
            times = [load(build, function, brought, python) for _ in range(runs)]
            yield Figure(f"{function}, loaded", min(each.wall for each in times) * 1_000, "ms")
            yield Figure("  of CPU", min(each.cpu for each in times) * 1_000, "ms")


def built(folder: Path) -> Path:
    """Builds with the SAM CLI of this environment.

    Raises:
        subprocess.CalledProcessError
    """
    tools = Path(sys.executable).parent
    subprocess.run(
        [tools / "sam", "build", "--config-env", "ireland", "--build-dir", folder],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tools}:{os.defpath}", "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        check=True,
    )
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.artefacts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--build", type=Path, help="what sam build has made already")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that loads")
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = asked.build or built(Path(folder) / "build")
        figures = list(measure(build, asked.runs, asked.python))
    sys.stdout.write(f"{(as_json if asked.json else as_table)(figures)}\n")


def _properties(build: Path, function: str) -> Mapping[str, Any]:
    template = yaml.load((build / "template.yaml").read_text(), SafeLoader)
    found: Mapping[str, Any] = template["Resources"][function]["Properties"]
    return found


if __name__ == "__main__":
    main()
