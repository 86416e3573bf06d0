"""Tests that share a world share a process: else each process would start one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scheduling import position, scope


@pytest.mark.parametrize(
    ("nodeid", "together"),
    [
        ("tests/unit/test_rooms.py::test_a[tests/e2e/a.py::b]", "tests/unit/test_rooms.py"),
        ("tests/unit/health/test_app.py::TestAny::test_a", "tests/unit/health/test_app.py"),
        ("tests/e2e/test_promise.py::test_a", "tests/e2e/test_promise.py"),
        ("tests/e2e/shared/test_items.py::test_a", "tests/e2e/shared"),
    ],
)
def test_a_test_stays_with_those_of_its_file_or_of_its_world(nodeid: str, together: str) -> None:
    assert scope(nodeid) == together


def test_what_takes_long_comes_first() -> None:
    nodeids = [
        "tests/edge/test_distribution.py::test_a",
        "tests/e2e/test_promise.py::test_a",
        "tests/e2e/shared/test_items.py::test_a",
        "tests/template/test_lint.py::test_a",
    ]
    first, second, third, last = sorted(nodeids, key=position)
    assert (first, second) == (nodeids[2], nodeids[1])
    assert (third, last) == (nodeids[3], nodeids[0])


@pytest.mark.parametrize("number", range(4))
def test_tests_of_one_file_run_in_one_process(
    number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return  # there is one process only
    # The folder of all processes of this run.
    ran: Path = tmp_path_factory.getbasetemp().parent / "test_scheduling"
    ran.mkdir(exist_ok=True)
    (ran / str(os.getpid())).touch()
    assert [each.name for each in ran.iterdir()] == [str(os.getpid())]
