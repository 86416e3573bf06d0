"""Imports point inward: from a handler to its adapters, from them to the core; and no function
of the layer knows another."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[3] / "src"
LIBRARY = SRC / "layer" / "antipode"
FUNCTIONS = {"authorizer", "canary", "health", "relay", "replica"}

# What speaks to the outside, and what each needs for it besides the standard library.
ADAPTERS = {
    "fetching": set[str](),
    "authorizer.key_set": {"jwt"},
    "authorizer.report": {"aws_lambda_powertools"},
    "canary.graphql": set[str](),
    "canary.realtime": {"websockets"},
    "canary.report": {"aws_lambda_powertools"},
    "canary.sign_in": {"botocore", "mypy_boto3_appsync", "mypy_boto3_secretsmanager"},
    "canary.signing": {"botocore"},
    "authorizer.secret": {"boto3", "botocore", "mypy_boto3_secretsmanager"},
    "idle": {"botocore"},
    "metrics": {"aws_lambda_powertools"},
    "health.checks": {
        "botocore",
        "mypy_boto3_cloudwatch",
        "mypy_boto3_dynamodb",
        "mypy_boto3_ssm",
    },
    "relay.appsync": set[str](),
    "relay.connecting": set[str](),
    "relay.report": {"aws_lambda_powertools"},
    "relay.signing": {"requests_aws4auth"},
    "relay.sqs": {"boto3", "botocore", "mypy_boto3_sqs"},
    "replica.sending": set[str](),
    "replica.stream": {"botocore", "mypy_boto3_dynamodb"},
}
# PyJWT reads a token and asks nobody.
PURE = {"jwt"}
MODULES = {
    ".".join(path.relative_to(LIBRARY).with_suffix("").parts)
    for path in LIBRARY.rglob("*.py")
    if path.stem != "__init__"
}
CORE = MODULES - ADAPTERS.keys()
OUTSIDE = {"http.client", "os", "socket", "ssl", "subprocess", "urllib.request", "urllib3"}


def path_of(module: str) -> Path:
    return LIBRARY.joinpath(*module.split(".")).with_suffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, at whatever place."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module)) if is_package(module):
                yield from (f"{module}.{alias.name}" for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                yield module


def is_package(module: str) -> bool:
    return (LIBRARY.parent / module.replace(".", "/")).is_dir()


def foreign(path: Path) -> set[str]:
    """The packages that a file imports and that are neither Python's nor this library."""
    packages = {name.partition(".")[0] for name in imported(path)}
    return packages - set(sys.stdlib_module_names) - {"antipode"}


def library(path: Path) -> set[str]:
    """The modules of this library that a file imports."""
    return {name.partition(".")[2] for name in imported(path) if name.startswith("antipode.")}


@pytest.mark.parametrize("module", sorted(CORE))
def test_the_core_imports_itself_and_the_standard_library(module: str) -> None:
    path = path_of(module)
    assert foreign(path) - PURE == set()
    assert library(path) <= CORE
    assert OUTSIDE.isdisjoint(imported(path))


@pytest.mark.parametrize("module", sorted(ADAPTERS))
def test_an_adapter_imports_the_core_shared_adapters_and_its_own_package(module: str) -> None:
    path = path_of(module)
    shared = {name for name in ADAPTERS if "." not in name}
    assert foreign(path) <= ADAPTERS[module]
    assert library(path) <= CORE | shared


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_imports_itself_and_what_is_shared(function: str) -> None:
    paths = [*(LIBRARY / function).glob("*.py"), SRC / function / "app.py"]
    for path in paths:
        packages = {name.partition(".")[0] for name in library(path)}
        assert packages.isdisjoint(FUNCTIONS - {function}), path


def test_what_is_shared_imports_no_function() -> None:
    for path in LIBRARY.glob("*.py"):
        packages = {name.partition(".")[0] for name in library(path)}
        assert packages.isdisjoint(FUNCTIONS), path


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: path.stem)
def test_production_code_knows_nothing_of_what_is_around_it(path: Path) -> None:
    around = {"antipode_tools", "localaws", "audit", "bench", "tests"}
    assert around.isdisjoint(foreign(path))
