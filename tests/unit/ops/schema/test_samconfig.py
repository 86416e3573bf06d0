"""Whether an environment of samconfig.toml would deploy with another mode than the schema's."""

from __future__ import annotations

import pytest

from local.config import project_root
from ops.schema.modes import Mode
from ops.schema.samconfig import other_modes


def config(overrides: str) -> str:
    return f"version = 0.1\n[ireland.deploy.parameters]\nparameter_overrides = {overrides}\n"


@pytest.mark.parametrize(
    "overrides",
    [
        '"AuthMode=AWS_IAM"',
        '"Lanes=8 AuthMode=AWS_IAM Refresh=2"',
        "'AuthMode=\"AWS_IAM\"'",
        '"ParameterKey=AuthMode,ParameterValue=AWS_IAM"',
        '["Lanes=8", "AuthMode=AWS_IAM"]',
    ],
)
def test_every_way_of_setting_another_mode_is_found(overrides: str) -> None:
    assert list(other_modes(config(overrides), Mode.API_KEY)) == [
        "[ireland.deploy] sets AuthMode=AWS_IAM"
    ]
    assert list(other_modes(config(overrides), Mode.AWS_IAM)) == []


@pytest.mark.parametrize("overrides", ['""', '"Lanes=8"', '"NotAuthMode=AWS_IAM"', "[]"])
def test_other_parameters_are_nobodys_business(overrides: str) -> None:
    assert list(other_modes(config(overrides), Mode.API_KEY)) == []


def test_the_projects_own_environments_leave_the_mode_to_the_template() -> None:
    text = (project_root() / "samconfig.toml").read_text()
    assert [list(other_modes(text, mode)) for mode in Mode] == [[]] * len(Mode)
