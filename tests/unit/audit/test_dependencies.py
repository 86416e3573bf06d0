"""What pip-audit says, and what it leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import pytest

from antipode_tools.project.config import project_root
from audit import dependencies
from audit.dependencies import DAY_S, Answer
from audit.findings import Finding
from audit.tools import Completed, Run

KNOWN = {"name": "idna", "version": "3.20", "vulns": []}
WEAK = {
    "name": "requests",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]}, {"id": "G-2", "fix_versions": []}],
}
SKIPPED = {"name": "left-pad", "skip_reason": "Dependency not found on PyPI"}
LOCK = "requirements.lock"


def answering(*packages: object) -> Run:
    def run(command: Sequence[str]) -> Completed:
        assert (command[0], command[-1]) == ("pip-audit", LOCK)
        return Completed(0, json.dumps({"dependencies": packages}), "")

    return run


def at(days: int) -> Callable[[str], float | None]:
    return lambda lock: days * DAY_S


def test_a_known_weakness_is_a_finding_with_the_versions_that_mend_it() -> None:
    assert dependencies.ask(answering(KNOWN, WEAK), LOCK) == Answer(
        lock=LOCK,
        findings=(
            Finding(
                "pip-audit",
                "PYSEC-1",
                "requirements.lock/requests",
                "2.0 has a known weakness, mended in 2.1, 3.0",
            ),
            Finding(
                "pip-audit",
                "G-2",
                "requirements.lock/requests",
                "2.0 has a known weakness, mended in no version yet",
            ),
        ),
        asked=2,
        unknown=0,
    )


def test_where_every_package_was_skipped_nobody_was_reached() -> None:
    # pip-audit calls this "No known vulnerabilities found".
    answer = dependencies.ask(answering(SKIPPED, SKIPPED), LOCK)
    assert not answer.reached
    assert dependencies.warnings([answer], at(100), now=129.5 * DAY_S) == [
        "requirements.lock: no vulnerability service answers; the lock is 29 days old"
    ]


def test_where_pip_audit_breaks_nobody_was_reached() -> None:
    answer = dependencies.ask(lambda _: Completed(1, "", "Max retries exceeded"), LOCK)
    assert answer == Answer(LOCK, (), 0, 0)
    assert not answer.reached


def test_an_old_lock_comes_with_the_command_that_renews_it() -> None:
    answer = Answer(LOCK, (), 0, 0)
    assert dependencies.warnings([answer], at(0), now=31 * DAY_S) == [
        "requirements.lock: no vulnerability service answers; the lock is 31 days old: "
        "make lock OPTIONS=--upgrade"
    ]
    assert dependencies.warnings([answer], lambda lock: None, now=0) == [
        "requirements.lock: no vulnerability service answers; how old the lock is cannot be told"
    ]


def test_a_package_that_the_service_does_not_know_is_told_of() -> None:
    answer = dependencies.ask(answering(KNOWN, SKIPPED), LOCK)
    assert dependencies.warnings([answer], at(0), now=0) == [
        "requirements.lock: PyPI does not know 1 of 2 packages"
    ]
    assert dependencies.warnings([Answer(LOCK, (), 2, 0)], at(0), now=0) == []


def test_every_lock_that_make_writes_is_asked_after() -> None:
    makefile = (project_root() / "Makefile").read_text()
    assert set(re.findall(r"--output-file (\S+)", makefile)) == set(dependencies.LOCKS)


@pytest.mark.parametrize("lock", dependencies.LOCKS)
def test_every_lock_holds_hashes_and_names_no_registry(lock: str) -> None:
    text = (project_root() / lock).read_text()
    entries = re.findall(r"^[\w.-]+(?:\[.*\])?==.*(?:\n .*)*", text, re.MULTILINE)
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index-url" not in text


def test_a_lock_that_is_in_git_has_an_age() -> None:
    root = project_root()
    changed = dependencies.committed(root, LOCK)
    assert changed is None or changed > 1_700_000_000
    assert dependencies.committed(root, "no/such.lock") is None
