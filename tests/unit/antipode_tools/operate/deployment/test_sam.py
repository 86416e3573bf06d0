"""How the SAM CLI is called, and what is made of what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from samcli.cli.types import (  # type: ignore[import-untyped] # it has no types
    CfnParameterOverridesType,
)

from antipode_tools.operate.deployment.sam import Ended, SamCli, runner
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region

AWKWARD = {"A": "two words", "B": r"^\w+\\$", "C": 'a "quoted" one', "D": "", "E": "true"}
IRELAND = Region("ireland", "eu-west-1", "antipode", AWKWARD)
MADE = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/samcli-deploy1/0a1b"


class FakeSam:
    """Answers as it is told, and keeps what it was called with."""

    def __init__(self, status: int = 0, out: str = "", err: str = "") -> None:
        self.ended = Ended(status, out, err)
        self.command: Sequence[str] = ()
        self.parameters: dict[str, str] = {}

    def __call__(self, command: Sequence[str]) -> Ended:
        self.command = command
        if command[-1].startswith("file://"):  # it is gone afterwards
            self.parameters = CfnParameterOverridesType().convert((command[-1],), None, None)
        return self.ended

    def cli(self) -> SamCli:
        return SamCli(Path("samconfig.toml"), IRELAND, self)


def result(**told: object) -> str:
    lines = [{"type": "info", "managed_s3_bucket": "b"}, {"type": "result", **told}]
    return "\n".join(["RelayFunction has no authentication.", *map(json.dumps, lines)])


def test_a_change_set_is_made_with_every_parameter_as_it_is() -> None:
    sam = FakeSam(out=result(status="changeset_created", changeset_id=MADE))
    assert sam.cli().draft(IRELAND, {"E": "false"}) == MADE
    assert sam.command[:-1] == [
        *("sam", "deploy", "--config-file", "samconfig.toml", "--config-env", "ireland"),
        *("--no-execute-changeset", "--no-confirm-changeset", "--no-fail-on-empty-changeset"),
        *("--output", "json", "--parameter-overrides"),
    ]
    assert sam.parameters == {**AWKWARD, "E": "false"}


def test_cloudformation_acts_in_the_role_that_is_named() -> None:
    sam = FakeSam(out=result(status="no_changes"))
    SamCli(Path("samconfig.toml"), IRELAND, sam, "arn:aws:iam::111122223333:role/r").draft(
        IRELAND, {}
    )
    at = sam.command.index("--role-arn")
    assert sam.command[at + 1] == "arn:aws:iam::111122223333:role/r"


def test_no_changes_are_no_change_set() -> None:
    assert (
        FakeSam(out=result(status="no_changes", message="up to date")).cli().draft(IRELAND, {})
        is None
    )


@pytest.mark.parametrize(
    ("sam", "why"),
    [
        (FakeSam(1, result(status="failed", message="no such bucket")), "no such bucket"),
        (FakeSam(1, "", "Traceback\nError: no credentials\nmore"), "Error: no credentials"),
        (FakeSam(1), "it ended with 1 and said nothing"),
        (FakeSam(0, "something else"), "something else"),
    ],
)
def test_why_there_is_no_change_set_is_said(sam: FakeSam, why: str) -> None:
    with pytest.raises(OperationError) as caught:
        sam.cli().draft(IRELAND, {})
    assert str(caught.value) == (f"sam deploy --config-env ireland cannot make a change set: {why}")


def test_a_build_that_fails_says_why() -> None:
    sam = FakeSam(1, "", "Build Failed\nError: no python3")
    with pytest.raises(OperationError) as caught:
        sam.cli().build()
    assert str(caught.value) == "sam build failed: Error: no python3"
    assert sam.command == [
        *("sam", "build", "--config-file", "samconfig.toml", "--config-env", "ireland")
    ]


def test_programs_are_those_of_the_projects_environment(tmp_path: Path) -> None:
    ended = runner(tmp_path, {})(["python", "-c", "import os; print(os.getcwd())"])
    assert ended == Ended(0, f"{tmp_path.resolve()}\n", "")
