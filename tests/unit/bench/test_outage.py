"""An outage, in short, and the drain of its backlog."""

from __future__ import annotations

import json
import subprocess
import sys

from bench.outage import Case, outage


def test_a_backlog_drains_within_its_rate_and_takes_nothing_from_clients() -> None:
    found = outage(Case(minutes=1, writes=10, quota=60, rate=20))
    assert (found.lost, found.given_up, found.refused) == (0, 0, 0.0)
    assert 590 <= found.waiting <= 610
    assert 0.95 * found.allowed_s <= found.drained_s <= 1.1 * found.allowed_s


def test_without_a_rate_it_drains_sooner_and_clients_pay_for_it() -> None:
    found = outage(Case(minutes=1, writes=10, quota=60, rate=0))
    assert (found.lost, found.given_up) == (0, 0)
    assert found.drained_s < 20
    assert found.refused > 0.1


def test_the_command_prints_each_rate_and_refuses_what_never_drains() -> None:
    command = [sys.executable, "-m", "bench.outage", "--minutes", "0.2", "--rates"]
    ran = subprocess.run([*command, "20", "--json"], capture_output=True, check=True, text=True)
    assert [each["case"]["rate"] for each in json.loads(ran.stdout)] == [20]
    refused = subprocess.run([*command, "10"], capture_output=True, check=False, text=True)
    assert refused.returncode == 2
    assert "nothing drains" in refused.stderr
