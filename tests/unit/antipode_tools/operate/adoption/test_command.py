"""What an operator is told, and when tables are imported."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from antipode_tools.operate.adoption.command import Asked, Outside, import_tables, on_aws
from antipode_tools.operate.adoption.live import LiveTable, resources_to_import, template_of
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.project.regions import Region
from tests.unit.antipode_tools.operate.adoption.tables import TABLE

REGION = Region("ireland", "eu-west-1", "antipode", {"HomeRegion": "eu-west-1"})


@dataclass
class FakeTables:
    tables: Mapping[str, LiveTable] = field(default_factory=lambda: {TABLE.name: TABLE})

    def find(self, name: str) -> LiveTable | None:
        return self.tables.get(name)


@dataclass
class FakeOwner:
    status_: str = ""
    error: OperationError | None = None
    taken: list[Mapping[str, LiveTable]] = field(default_factory=list)

    def status(self) -> str:
        return self.status_

    def take(self, tables: Mapping[str, LiveTable]) -> None:
        if self.error:
            raise self.error
        self.taken.append(tables)


@dataclass
class Screen:
    """A command's folder and what it says."""

    folder: Path
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)

    def run(
        self, owner: FakeOwner, tables: FakeTables | None = None, *, yes: bool = False
    ) -> ExitCode:
        outside = Outside(REGION, ["ItemsModel", "Todo"], tables or FakeTables(), owner)
        asked = Asked("ireland", self.folder, yes=yes, output=Output(self.out, self.err))
        return import_tables(asked, outside=outside)


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path / "import")


def test_without_a_yes_files_and_commands_are_given_and_nothing_is_imported(
    screen: Screen,
) -> None:
    owner = FakeOwner()
    assert screen.run(owner) is ExitCode.DONE
    assert owner.taken == []
    of = "--stack-name antipode --change-set-name antipode-import --region eu-west-1"
    assert screen.out.getvalue().splitlines() == [
        "nothing is changed yet. To import 1 table (antipode-ItemsModel), run this again with"
        " --yes, or",
        f"  aws cloudformation create-change-set {of} --change-set-type IMPORT"
        f" --template-body file://{screen.folder}/template.json"
        f" --resources-to-import file://{screen.folder}/resources.json",
        f"  aws cloudformation wait change-set-create-complete {of}",
        f"  aws cloudformation execute-change-set {of}",
        "  aws cloudformation wait stack-import-complete --stack-name antipode --region eu-west-1",
        "and then",
        "  antipode deploy ireland",
    ]
    written = {file.name: json.loads(file.read_text()) for file in screen.folder.iterdir()}
    assert written == {
        "template.json": template_of({"ItemsModel": TABLE}),
        "resources.json": resources_to_import({"ItemsModel": TABLE}),
    }


def test_with_a_yes_the_tables_that_are_there_are_imported(screen: Screen) -> None:
    owner = FakeOwner("REVIEW_IN_PROGRESS")
    assert screen.run(owner, yes=True) is ExitCode.DONE
    assert owner.taken == [{"ItemsModel": TABLE}]
    assert screen.out.getvalue() == (
        "imported 1 table: antipode-ItemsModel. Go on with\n  antipode deploy ireland\n"
    )


@pytest.mark.parametrize(
    ("owner", "tables", "told"),
    [
        (
            FakeOwner("UPDATE_COMPLETE"),
            FakeTables(),
            "there is a stack antipode in eu-west-1 (UPDATE_COMPLETE): an import makes it anew, so"
            " delete it first. Its tables stay",
        ),
        (
            FakeOwner(),
            FakeTables({}),
            "there is nothing to import in eu-west-1, none of antipode-ItemsModel, antipode-Todo:"
            " sam deploy --config-env ireland makes them",
        ),
        (
            FakeOwner(),
            FakeTables({TABLE.name: replace(TABLE, on_demand=False)}),
            "table antipode-ItemsModel has provisioned capacity: aws dynamodb update-table"
            " --table-name antipode-ItemsModel --billing-mode PAY_PER_REQUEST",
        ),
    ],
)
def test_what_cannot_be_imported_is_refused_and_no_file_is_written(
    screen: Screen, owner: FakeOwner, tables: FakeTables, told: str
) -> None:
    assert screen.run(owner, tables, yes=True) is ExitCode.FAILED
    assert screen.err.getvalue() == f"antipode import: {told}\n"
    assert (owner.taken, screen.folder.exists()) == ([], False)


def test_cloudformations_refusal_is_reported_in_its_words(screen: Screen) -> None:
    owner = FakeOwner(error=OperationError("CloudFormation refuses the import: no"))
    assert screen.run(owner, yes=True) is ExitCode.FAILED
    assert screen.err.getvalue() == ("antipode import: CloudFormation refuses the import: no\n")
    assert screen.out.getvalue() == ""


def test_only_the_home_region_owns_tables(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(
        '[sydney.deploy.parameters]\nregion = "ap-southeast-2"\nstack_name = "antipode"\n'
        'parameter_overrides = "HomeRegion=eu-west-1"'
    )
    with pytest.raises(UsageError) as caught:
        on_aws(Asked("sydney", tmp_path, root=tmp_path))
    assert str(caught.value) == (
        "ap-southeast-2 is not the home Region: the stack in eu-west-1 owns the tables"
    )
