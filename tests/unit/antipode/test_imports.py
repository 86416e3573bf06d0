"""Imports point inward: from the handler to the adapters, from the adapters to the core."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[3] / "src"
LIBRARY = SRC / "layer" / "antipode"

# What speaks to the outside, and what each needs for it besides the standard library.
ADAPTERS = {
    "appsync": set[str](),
    "fetching": set[str](),
    "observability": {"aws_lambda_powertools"},
    "signing": {"requests_aws4auth"},
    "sqs": {"boto3", "botocore", "mypy_boto3_sqs"},
}
CORE = {path.stem for path in LIBRARY.glob("*.py")} - ADAPTERS.keys() - {"__init__"}
OUTSIDE = {"http", "os", "socket", "ssl", "subprocess", "urllib3"}


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, at whatever place."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module="antipode"):
                yield from (f"antipode.{alias.name}" for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                yield module


def foreign(path: Path) -> set[str]:
    """The packages that a file imports and that are neither Python's nor this library."""
    packages = {name.partition(".")[0] for name in imported(path)}
    return packages - set(sys.stdlib_module_names) - {"antipode"}


def library(path: Path) -> set[str]:
    """The modules of this library that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("antipode.")}


@pytest.mark.parametrize("name", sorted(CORE))
def test_the_core_imports_itself_and_the_standard_library(name: str) -> None:
    path = LIBRARY / f"{name}.py"
    assert foreign(path) == set()
    assert library(path) <= CORE
    assert OUTSIDE.isdisjoint(module.partition(".")[0] for module in imported(path))


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_an_adapter_imports_the_core_and_its_own_package(name: str) -> None:
    path = LIBRARY / f"{name}.py"
    assert foreign(path) <= ADAPTERS[name]
    assert library(path) <= CORE


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: path.stem)
def test_production_code_knows_nothing_of_what_is_around_it(path: Path) -> None:
    assert {"local", "ops", "tests", "bench"}.isdisjoint(foreign(path))
