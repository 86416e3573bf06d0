"""What may stay, and why."""

from __future__ import annotations

from audit.findings import ACCEPTED, Acceptance, Finding, Verdict, judge, read_accepted

ASSERT = Finding("bandit", "B101", "antipode_tools/world/control.py", "line 3: an assert")
SHELL = Finding("bandit", "B602", "antipode_tools/world/control.py", "line 9: a shell")
ASSERTS = Acceptance("bandit", "B101", ("antipode_tools/*", "localaws/*"), "They narrow types.")


def test_a_finding_is_open_unless_its_rule_is_accepted_in_that_place() -> None:
    elsewhere = Finding("bandit", "B101", "src/relay/app.py", "line 1: an assert")
    assert judge("bandit", [SHELL, elsewhere, ASSERT], [ASSERTS]) == Verdict(
        findings=(elsewhere, SHELL), idle=("bandit B101 localaws/*",), accepted=1
    )


def test_an_acceptance_that_covers_nothing_is_no_clean_audit() -> None:
    verdict = judge("bandit", [], [ASSERTS])
    assert verdict.idle == ("bandit B101 antipode_tools/*", "bandit B101 localaws/*")
    assert not verdict.clean


def test_one_tool_says_nothing_of_what_is_accepted_for_another() -> None:
    assert judge("checkov", [], [ASSERTS]) == Verdict(findings=(), idle=(), accepted=0)


def test_a_finding_says_everything_in_a_line() -> None:
    assert str(SHELL) == "bandit B602 antipode_tools/world/control.py: line 9: a shell"


def test_every_entry_of_the_projects_own_list_has_a_reason_and_stands_once() -> None:
    entries = read_accepted(ACCEPTED.read_text())
    assert {entry.tool for entry in entries} <= {"bandit", "checkov", "pip-audit"}
    for entry in entries:
        assert len(entry.reason.split()) >= 6, entry
        assert entry.reason.endswith("."), entry
        assert entry.where, entry
    places = [(entry.tool, entry.check, pattern) for entry in entries for pattern in entry.where]
    assert len(set(places)) == len(places)


def test_nothing_that_runs_on_aws_may_start_a_process_or_assert() -> None:
    for entry in read_accepted(ACCEPTED.read_text()):
        if entry.check in ("B101", "B404", "B602", "B603", "B607"):
            assert not any(pattern.startswith(("src", "*")) for pattern in entry.where)
