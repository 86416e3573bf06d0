"""What an operator is told, and what ends a clean-up."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from antipode_tools.operate.cleanup.command import Asked, Outside, Terminal, cleanup, on_aws
from antipode_tools.operate.cleanup.dynamodb import DynamoDBTables
from antipode_tools.operate.cleanup.leftovers import Leftovers, Stack, StackState, Table
from antipode_tools.operate.cleanup.planning import Action, Step
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.waiting import BusyError
from antipode_tools.project.config import project_root
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.cleanup.fakes import (
    BUCKET,
    IRELAND,
    SECRET,
    SYDNEY,
    TABLE,
    FakeCloud,
)

ASKED = Asked(["ireland", "sydney"])
GONE = {IRELAND: Leftovers(), SYDNEY: Leftovers()}


@dataclass
class Screen:
    """A terminal that answers as it is told."""

    answer: bool = True
    clock: Clock = field(default_factory=Clock)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    questions: list[str] = field(default_factory=list)

    def confirm(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer

    def run(self, cloud: FakeCloud, asked: Asked = ASKED) -> ExitCode:
        asked = replace(asked, output=Output(self.out, self.err))
        terminal = Terminal(self.confirm, self.clock, self.clock.sleep)
        return cleanup(asked, outside=Outside(IRELAND, cloud.services()), terminal=terminal)


def test_a_dry_run_says_everything_and_deletes_nothing() -> None:
    screen, cloud = Screen(), FakeCloud()
    assert screen.run(cloud, replace(ASKED, dry_run=True)) is ExitCode.DONE
    assert cloud.done == []
    assert screen.out.getvalue().splitlines() == [
        "dry run: nothing is deleted",
        f"1. switch off the deletion protection of table {TABLE} in {SYDNEY}",
        f"2. switch off the deletion protection of table {TABLE} in {IRELAND}",
        f"3. remove the replicas of secret {SECRET} of {IRELAND}",
        f"4. delete the stack in {IRELAND}",
        f"5. delete table {TABLE} in {SYDNEY}",
        f"6. delete table {TABLE} in {IRELAND}",
        f"7. delete bucket {BUCKET} in {IRELAND}, with all that it holds",
        f"8. delete secret {SECRET} in {IRELAND}",
    ]


def test_a_dry_run_tells_programs_what_is_refused() -> None:
    standing = {IRELAND: Leftovers(Stack(StackState.STANDING, "UPDATE_COMPLETE"))}
    screen = Screen()
    asked = replace(ASKED, dry_run=True, json_output=True)
    assert screen.run(FakeCloud(standing), asked) is ExitCode.FAILED
    assert json.loads(screen.out.getvalue()) == {
        "dry_run": True,
        "steps": [],
        "refused": [
            "the stack in eu-west-1 is deployed (UPDATE_COMPLETE), not left over:"
            " cleanup deletes no such stack, sam delete does"
        ],
        "kept": [],
    }


def test_it_asks_once_and_deletes_everything() -> None:
    screen, cloud = Screen(), FakeCloud()
    assert screen.run(cloud) is ExitCode.DONE
    assert cloud.regions == GONE
    assert screen.questions == ["Do all of this? Nothing brings it back."]
    assert screen.out.getvalue().splitlines()[-1] == (
        "8 steps taken, nothing is left: sam deploy can begin again"
    )


def test_without_a_yes_nothing_is_deleted() -> None:
    screen, cloud = Screen(answer=False), FakeCloud()
    assert screen.run(cloud) is ExitCode.FAILED
    assert cloud.done == []
    assert screen.err.getvalue().splitlines()[-1] == (
        "antipode cleanup: not confirmed; nothing was deleted (--yes confirms)"
    )


def test_a_refusal_is_said_without_asking() -> None:
    full = {IRELAND: Leftovers(None, {TABLE: Table(holds_items=True)})}
    screen, cloud = Screen(), FakeCloud(full)
    assert screen.run(cloud) is ExitCode.FAILED
    assert (screen.questions, cloud.done) == ([], [])
    assert screen.err.getvalue() == (
        f"antipode cleanup: table {TABLE} in eu-west-1 holds items: --with-items deletes them too\n"
    )


def test_with_nothing_left_nobody_is_asked() -> None:
    screen = Screen()
    assert screen.run(FakeCloud(dict(GONE))) is ExitCode.DONE
    assert screen.questions == []
    assert screen.out.getvalue() == "nothing is left: sam deploy can begin again\n"


def breaking(at: int, error: BaseException) -> Callable[[Step], None]:
    """Raises the error in the place of one step, once."""
    count = iter(range(100))

    def before(_: Step) -> None:
        if next(count) == at:
            raise error

    return before


@pytest.mark.parametrize("at", range(8))
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (OperationError("AccessDenied"), ExitCode.FAILED),
    ],
)
def test_broken_off_at_any_step_it_goes_on_from_there(
    at: int, error: BaseException, code: ExitCode
) -> None:
    cloud = FakeCloud(before=breaking(at, error))
    asked = replace(ASKED, yes=True)
    assert Screen().run(cloud, asked) is code
    assert len(cloud.done) == at
    assert Screen().run(cloud, asked) is ExitCode.DONE
    assert cloud.regions == GONE
    assert len(cloud.done) == len(set(cloud.done)) == 8


def test_what_aws_is_busy_with_is_tried_again() -> None:
    screen = Screen()
    cloud = FakeCloud(before=breaking(4, BusyError("the replica is being created")))
    assert screen.run(cloud, replace(ASKED, yes=True)) is ExitCode.DONE
    assert cloud.regions == GONE
    assert "  waiting: the replica is being created" in screen.out.getvalue().splitlines()


def test_a_wait_has_an_end() -> None:
    screen = Screen()
    busy = FakeCloud({IRELAND: Leftovers(Stack(StackState.BUSY, "DELETE_IN_PROGRESS"))})
    assert screen.run(busy, replace(ASKED, yes=True)) is ExitCode.FAILED
    assert screen.err.getvalue() == (
        "antipode cleanup: the stack in eu-west-1 is DELETE_IN_PROGRESS; 75 minutes were not"
        " enough. Run this again: it continues from there\n"
    )


def test_a_stack_that_will_not_go_is_deleted_without_what_holds_it_up() -> None:
    cloud = FakeCloud(stuck={IRELAND})
    assert Screen().run(cloud, replace(ASKED, yes=True)) is ExitCode.DONE
    assert Step(Action.DELETE_STACK_WITHOUT, IRELAND) in cloud.done
    assert cloud.regions == GONE


PROJECT = """
[ireland.deploy.parameters]
region = "eu-west-1"
stack_name = "antipode"
parameter_overrides = "HomeRegion=eu-west-1"
[staging.deploy.parameters]
region = "ap-southeast-2"
stack_name = "staging"
parameter_overrides = "HomeRegion=eu-west-1"
[sydney.deploy.parameters]
region = "ap-southeast-2"
stack_name = "antipode"
"""


@pytest.mark.parametrize(
    ("regions", "told"),
    [
        (
            ["ireland", "atlantis"],
            "samconfig.toml has no Region atlantis; it has ireland (eu-west-1),"
            " staging (ap-southeast-2), sydney (ap-southeast-2)",
        ),
        (["ap-southeast-2"], "ap-southeast-2 is the Region of staging, sydney: say which"),
        (
            ["ireland", "staging"],
            "the Regions are not of one system: ireland has antipode, staging has staging",
        ),
        (
            ["ireland", "sydney"],
            "samconfig.toml does not name one HomeRegion: run antipode schema",
        ),
    ],
)
def test_what_samconfig_does_not_name_is_wrong_usage(
    regions: list[str], told: str, tmp_path: Path
) -> None:
    (tmp_path / "samconfig.toml").write_text(PROJECT)
    with pytest.raises(UsageError) as caught:
        on_aws(Asked(regions, root=tmp_path))
    assert str(caught.value) == told


def test_tables_are_looked_for_with_the_home_region_alone(tmp_path: Path) -> None:
    owned = PROJECT + 'parameter_overrides = "HomeRegion=eu-west-1"'
    (tmp_path / "samconfig.toml").write_text(owned)
    (tmp_path / "src/relay").mkdir(parents=True)
    shutil.copy(project_root() / "src/relay/publish.json", tmp_path / "src/relay")

    def tables(*regions: str) -> list[Sequence[str]]:
        services = on_aws(Asked(regions, root=tmp_path)).regions.values()
        found = [each.tables for each in services if isinstance(each.tables, DynamoDBTables)]
        return [each.names for each in found]

    assert tables("ireland", "sydney") == [[TABLE], [TABLE]]
    assert tables("sydney") == [()]


def test_a_table_that_a_model_names_is_never_looked_at_and_told_of(tmp_path: Path) -> None:
    named = PROJECT.replace("=eu-west-1", "=eu-west-1 ItemsModelTableName=items")
    (tmp_path / "samconfig.toml").write_text(named)
    (tmp_path / "src/relay").mkdir(parents=True)
    shutil.copy(project_root() / "src/relay/publish.json", tmp_path / "src/relay")
    outside = on_aws(Asked(["ireland"], root=tmp_path))
    tables = outside.regions[IRELAND].tables
    assert isinstance(tables, DynamoDBTables)
    assert (tables.names, outside.kept) == ([], ["items"])


def test_a_dry_run_says_what_it_would_keep() -> None:
    screen = Screen()
    asked = replace(ASKED, dry_run=True, output=Output(screen.out, screen.err))
    outside = Outside(IRELAND, FakeCloud(dict(GONE)).services(), ["items"])
    assert cleanup(asked, outside=outside) is ExitCode.DONE
    assert screen.out.getvalue().splitlines() == [
        "dry run: nothing is deleted",
        "nothing is left",
        "kept: table items, whose name @model(table:) gives: it was there before the stack, or may"
        " have been",
    ]
