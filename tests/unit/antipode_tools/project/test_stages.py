"""Stages beside production, and which of their names could meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.project.regions import ConfigError, Region
from antipode_tools.project.stages import meeting, read_stages, stage_of

STAGES = ("staging", "development")


def test_a_project_without_the_file_has_production_alone(tmp_path: Path) -> None:
    assert read_stages(tmp_path) == {}


def test_a_stage_has_its_parameters_as_text(tmp_path: Path) -> None:
    (tmp_path / "stages.toml").write_text("[staging]\nLogRetentionDays = 14\n[development]\n")
    assert read_stages(tmp_path) == {"staging": {"LogRetentionDays": "14"}, "development": {}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[staging", "cannot read .*stages.toml"),
        ('Lanes = "8"', "stages.toml: Lanes stands before the first stage: put it into one"),
    ],
)
def test_a_file_that_says_nothing_of_stages_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "stages.toml").write_text(text)
    with pytest.raises(ConfigError, match=why):
        read_stages(tmp_path)


@pytest.mark.parametrize(
    ("environment", "stage"),
    [
        ("ireland", ""),
        ("staging-ireland", "staging"),
        ("stagingireland", ""),
        ("north-virginia", ""),
        ("development-north-virginia", "development"),
    ],
)
def test_an_environment_is_of_the_stage_that_its_name_begins_with(
    environment: str, stage: str
) -> None:
    assert stage_of(environment, STAGES) == stage


def region(name: str, stack: str, code: str = "eu-west-1") -> Region:
    return Region(name, code, stack, {})


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ("staging-antipode", []),
        ("antipode2", []),
        (
            "antipode",
            [
                "ireland deploys the stack antipode, which is another stage's as well: give it"
                ' stack_name = "production-antipode"',
                "sydney deploys the stack antipode, which is another stage's as well: give it"
                ' stack_name = "production-antipode"',
            ],
        ),
        (
            "antipode-staging",
            [
                "the stack antipode may use what is named antipode-..., the tables of"
                " antipode-staging among it: call that staging-antipode"
            ],
        ),
    ],
)
def test_the_names_of_two_stages_cannot_meet(stack: str, told: list[str]) -> None:
    regions = [
        region("ireland", "antipode"),
        region("sydney", "antipode", "ap-southeast-2"),
        region("staging-ireland", stack),
    ]
    assert list(meeting(regions, STAGES)) == told
