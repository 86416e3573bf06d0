"""What an operator is told, and what is done when."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.operate.backfill.asked import Asked, Outside
from antipode_tools.operate.backfill.command import Terminal, backfill
from antipode_tools.operate.backfill.ports import Item
from antipode_tools.operate.backfill.report import Ends
from antipode_tools.operate.backfill.state import StateFile
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.project.lock import Lock
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.backfill.tables import (
    FORM,
    MemoryTable,
    item,
    one_after_the_other,
)


@dataclass
class Screen:
    """Both tables, and a terminal at which somebody says yes or no."""

    folder: Path
    source: MemoryTable = field(
        default_factory=lambda: MemoryTable().fill([item("a", 1), item("b", 1)])
    )
    target: MemoryTable = field(default_factory=MemoryTable)
    tables: str = "one two"
    answer: bool = True
    asked: list[str] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)

    @property
    def file(self) -> StateFile:
        return StateFile(self.folder / "backfill" / "old-to-new.json")

    def run(self, **options: Any) -> ExitCode:
        self.out.truncate(self.out.seek(0))
        self.err.truncate(self.err.seek(0))
        clock = Clock(1000.0)
        outside = Outside(
            Ends("old", "us-east-1", "antipode-Todo", "eu-west-1"),
            self.source,
            self.target,
            self.tables,
            FORM,
            items=2,
            regions=["eu-west-1", "ap-southeast-2"],
            announcing=[],
            file=self.file,
            together=one_after_the_other,
        )
        asked = Asked("old", "Todo", "ireland", output=Output(self.out, self.err), **options)
        return backfill(asked, outside=outside, terminal=Terminal(self.confirm, clock, clock.sleep))

    def confirm(self, question: str) -> bool:
        self.asked.append(question)
        return self.answer

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path)


ENDS = "old (us-east-1) to antipode-Todo (eu-west-1)"
PLAN = [
    ENDS,
    "about 2 items of 32 bytes, as DynamoDB counted within the last six hours",
    "2 write units in each of eu-west-1, ap-southeast-2: $0.00; to read both tables: $0.00 (list"
    " prices of us-east-1)",
    "at 500 write units a second: about 1 second",
]


def test_it_says_what_it_takes_asks_and_copies(screen: Screen) -> None:
    assert screen.run() is ExitCode.DONE
    assert screen.asked == ["Copy?"]
    assert screen.err.getvalue().splitlines() == [
        *PLAN,
        "copying: 2 of about 2 items, 2 written, at up to 500 write units a second",
    ]
    assert screen.lines == [
        ENDS,
        "2 items read, 2 written, 0 there already, 0 newer at the target",
        "the same command with --verify compares both tables",
    ]
    assert screen.target.items == screen.source.items


def test_a_no_copies_nothing(screen: Screen) -> None:
    screen.answer = False
    assert screen.run() is ExitCode.FAILED
    assert screen.err.getvalue().endswith(
        "antipode backfill: not confirmed; nothing was copied (--yes confirms)\n"
    )
    assert screen.target.items == {}


def test_a_dry_run_says_what_it_takes_and_copies_nothing(screen: Screen) -> None:
    assert screen.run(dry_run=True) is ExitCode.DONE
    assert screen.lines == ["dry run", *PLAN]
    assert (screen.asked, screen.target.items, screen.file.read()) == ([], {}, None)
    screen.run(dry_run=True, json_output=True)
    assert json.loads(screen.out.getvalue())["write_units_in_each_region"] == 2


def test_programs_get_one_object(screen: Screen) -> None:
    screen.source.fill([{"id": {"N": "1"}}])
    assert screen.run(yes=True, json_output=True) is ExitCode.FAILED
    assert screen.asked == []
    assert json.loads(screen.out.getvalue()) == {
        "source": {"table": "old", "region": "us-east-1"},
        "target": {"table": "antipode-Todo", "region": "eu-west-1"},
        "done": True,
        "read": 3,
        "written": 2,
        "there": 0,
        "newer": 0,
        "deleted": 0,
        "withdrawn": 0,
        "unfit": 1,
        "named": ['{"id": {"N": "1"}}: id is of type N, not S'],
    }


def interrupted(after: int) -> Callable[[str], None]:
    """Ctrl-C before a write."""
    puts = iter(range(after))

    def before(doing: str) -> None:
        if doing == "put" and next(puts, None) is None:
            raise KeyboardInterrupt

    return before


def test_a_run_that_was_interrupted_goes_on(screen: Screen) -> None:
    screen.source.fill(item(f"i{n}") for n in range(400))
    screen.target.before = interrupted(300)
    assert screen.run() is ExitCode.INTERRUPTED
    assert screen.err.getvalue().endswith(
        "antipode backfill: interrupted; run it again: it goes on from there\n"
    )
    kept = screen.file.read()
    assert kept is not None
    screen.target.before = lambda _: None
    assert screen.run() is ExitCode.DONE
    read = f"{kept.tally.read} of the items are copied already: it goes on from there"
    assert read in screen.err.getvalue().splitlines()
    assert screen.lines[1].startswith("402 items read, ")
    assert screen.target.items == screen.source.items


def test_what_is_copied_is_copied_again_only_if_that_is_asked_for(screen: Screen) -> None:
    screen.run()
    screen.target.items = {}
    assert screen.run() is ExitCode.DONE
    assert screen.err.getvalue() == (
        "it was copied already. --again copies what the source has newer, and what was deleted at"
        " the target alone since comes back by it\n"
    )
    assert screen.lines[1].startswith("2 items read, 2 written")
    assert screen.target.items == {}
    assert screen.run(again=True) is ExitCode.DONE
    assert screen.target.items == screen.source.items


def test_a_table_that_was_made_anew_is_begun_with_anew(screen: Screen) -> None:
    screen.run()
    screen.tables, screen.target.items = "one three", {}
    assert screen.run() is ExitCode.DONE
    assert screen.err.getvalue().startswith(
        "one of the tables was made anew since the last run: this one begins anew\n"
    )
    assert screen.target.items == screen.source.items


def test_two_runs_at_once_are_refused(screen: Screen) -> None:
    lock = Lock.take(screen.file.path.with_suffix(".lock"))
    assert lock is not None
    assert screen.run() is ExitCode.FAILED
    assert screen.err.getvalue() == (
        "antipode backfill: another process is copying the same tables\n"
    )
    lock.release()
    assert screen.run() is ExitCode.DONE


def test_nothing_is_copied_where_it_cannot_be_kept_how_far_it_is(screen: Screen) -> None:
    screen.file.path.parent.touch()
    assert screen.run() is ExitCode.FAILED
    assert screen.err.getvalue().startswith(
        "antipode backfill: cannot keep how far the backfill is: "
    )
    assert screen.target.items == {}


def test_what_aws_refuses_ends_it_and_the_next_run_goes_on(screen: Screen) -> None:
    def refuse(doing: str) -> None:
        if doing == "put":
            raise OperationError("access denied")

    screen.target.before = refuse
    assert screen.run() is ExitCode.FAILED
    assert screen.err.getvalue().endswith("antipode backfill: access denied\n")
    screen.target.before = lambda _: None
    assert screen.run() is ExitCode.DONE
    assert screen.target.items == screen.source.items


def test_it_says_whether_both_hold_the_same(screen: Screen) -> None:
    screen.run()
    assert screen.run(verify=True) is ExitCode.DONE
    assert screen.lines == [ENDS, "2 items to copy, 2 at the target", "both hold the same"]


def test_it_names_what_does_not(screen: Screen) -> None:
    newer: Item = item("b", 2)
    screen.target.fill([newer, item("c")])
    assert screen.run(verify=True) is ExitCode.FAILED
    assert screen.lines == [
        ENDS,
        "2 items to copy, 2 at the target",
        "1 missing at the target:",
        '  {"id": "a"}',
        "1 newer at the target:",
        '  {"id": "b"}',
        "1 at the target alone:",
        '  {"id": "c"}',
    ]
    screen.run(verify=True, json_output=True)
    assert json.loads(screen.out.getvalue()) == {
        "source": {"table": "old", "region": "us-east-1"},
        "target": {"table": "antipode-Todo", "region": "eu-west-1"},
        "holds": False,
        "items_to_copy": 2,
        "items_at_the_target": 2,
        "left_out": 0,
        "parts_different": 3,
        "parts_looked_at": 3,
        "missing": 1,
        "older": 0,
        "newer": 1,
        "added": 1,
        "keys": {
            "missing": ['{"id": "a"}'],
            "older": [],
            "newer": ['{"id": "b"}'],
            "added": ['{"id": "c"}'],
        },
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rate": 0}, "--rate has to be a number above 0"),
        ({"rate": float("nan")}, "--rate has to be a number above 0"),
        ({"rate": float("inf")}, "--rate has to be a number above 0"),
        ({"verify": True, "dry_run": True}, "--verify compares, and copies nothing"),
        ({"verify": True, "again": True}, "--verify compares, and copies nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(screen: Screen, options: Any, told: str) -> None:
    assert screen.run(**options) is ExitCode.WRONG_USAGE
    assert screen.err.getvalue().startswith(f"antipode backfill: {told}")
    assert screen.source.calls == []
