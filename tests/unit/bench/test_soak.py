"""The soak, in short, and the ledger that it goes by."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench.soak.ledger import Ledger
from bench.soak.run import as_lines, soak
from bench.soak.service import Trouble


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_goes_wrong_no_change_is_lost_out_of_order_or_doubled_without_reason(
    seed: int,
) -> None:
    said: list[str] = []
    found = soak(4_000, seed, said.append)
    facts = found.facts()
    assert found.is_kept
    assert (facts["changes"], facts["lost"], facts["out_of_order"]) == (4_000, 0, 0)
    assert facts["doubled_without_reason"] == 0
    assert found.service.met[Trouble.NONE] > 3_000
    assert sum(found.service.met.values()) > found.service.met[Trouble.NONE]
    assert len(said) == len(found.memory)


def test_the_same_seed_has_the_same_troubles() -> None:
    first, second = (soak(1_000, 3).facts() for _ in range(2))
    del first["memory_mb"], second["memory_mb"]
    assert first == second


def a_ledger(*, written: int = 3) -> Ledger:
    ledger = Ledger(5)
    ledger.written = written
    return ledger


def test_a_change_that_is_neither_announced_nor_set_aside_is_lost() -> None:
    ledger = a_ledger()
    ledger.announced(0, "a", 1, answered=True)
    ledger.set_aside(1, "rejected")
    assert ledger.lost == 1
    assert ledger.aside == {"rejected": 1}


def test_a_later_change_of_an_item_before_an_earlier_one_is_out_of_order() -> None:
    ledger = a_ledger()
    ledger.announced(1, "a", 1, answered=True)
    ledger.announced(0, "b", 1, answered=True)
    assert ledger.out_of_order == 0
    ledger.announced(0, "a", 1, answered=True)
    ledger.announced(2, "a", 1, answered=True)
    assert (ledger.out_of_order, ledger.unexplained) == (0, 1)
    late = a_ledger()
    late.announced(2, "a", 1, answered=True)
    late.announced(1, "a", 1, answered=True)
    assert late.out_of_order == 1


def test_a_change_that_was_set_aside_may_be_announced_late() -> None:
    ledger = a_ledger()
    ledger.set_aside(0, "rejected")
    ledger.set_aside(0, "rejected")
    ledger.announced(1, "a", 1, answered=True)
    ledger.announced(0, "a", 2, answered=True)
    assert (ledger.out_of_order, ledger.aside) == (0, {"rejected": 1})


def test_a_double_has_a_reason_if_the_process_is_another_or_heard_no_answer() -> None:
    ledger = a_ledger()
    ledger.announced(0, "a", 1, answered=False)
    ledger.announced(0, "a", 1, answered=True)
    ledger.announced(0, "a", 2, answered=True)
    ledger.announced(0, "a", 2, answered=True)
    assert ledger.doubled == {"after an answer that was lost": 1, "by another process": 1}
    assert ledger.unexplained == 1


def test_facts_are_a_line_each() -> None:
    assert as_lines({"changes": 5_000, "set_aside": {}, "doubled": {"late": 1_000}}) == (
        "changes: 5,000\nset aside: none\ndoubled: late 1,000"
    )


def test_the_command_prints_its_seed_and_refuses_nothing_to_do() -> None:
    command = [sys.executable, "-m", "bench.soak", "--json"]
    ran = subprocess.run(
        [*command, "--changes", "50", "--seed", "7"], capture_output=True, check=True, text=True
    )
    facts = json.loads(ran.stdout)
    assert (facts["seed"], facts["changes"], facts["lost"]) == (7, 50, 0)
    refused = subprocess.run(
        [*command, "--changes", "0"], capture_output=True, check=False, text=True
    )
    assert refused.returncode == 2
    assert "--changes is a number from 1 up" in refused.stderr
