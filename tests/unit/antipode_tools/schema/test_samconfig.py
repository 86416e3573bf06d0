"""The parameters that are the same in every Region, in samconfig.toml."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.project.regions import Region, regions_of
from antipode_tools.schema.samconfig import (
    table_parameters,
    unlike,
    unlike_stages,
    with_shared,
    with_stages,
)

EMPTY = """\
[ireland.deploy.parameters]
region = "eu-west-1"
stack_name = "antipode"

[ireland.deploy.parameters.parameter_overrides]
# the same in every Region, by antipode schema: begin
# the same in every Region, by antipode schema: end
Lanes = 8
"""
MARKS = "# the same in every Region, by antipode schema: "
LACKING = (
    "[%s.deploy] does not name %s, so that its stack would keep what it has: give its "
    f'parameter_overrides the lines "{MARKS}begin" and "... end", as they stand elsewhere'
)


def region(parameters: dict[str, str]) -> dict[str, Region]:
    return {"sydney": Region("sydney", "ap-southeast-2", "antipode", parameters)}


def test_they_stand_between_the_marks_of_every_environment_and_the_rest_stays() -> None:
    sydney = EMPTY.replace("ireland", "sydney").replace("Lanes = 8\n", "")
    written = with_shared(f"{EMPTY}\n{sydney}", {"AuthMode": "AWS_IAM", "OidcIssuer": ""})
    lines = 'AuthMode = "AWS_IAM"\nOidcIssuer = ""\n'
    assert written == f"{EMPTY}\n{sydney}".replace(f"{MARKS}end", f"{lines}{MARKS}end")
    assert with_shared(written, {"AuthMode": "API_KEY"}) == f"{EMPTY}\n{sydney}".replace(
        f"{MARKS}end", f'AuthMode = "API_KEY"\n{MARKS}end'
    )


def test_an_environment_that_is_commented_out_stays_as_it_is() -> None:
    commented = "".join(f"# {line}" for line in EMPTY.splitlines(keepends=True))
    assert with_shared(commented, {"AuthMode": "AWS_IAM"}) == commented


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"))))
def test_any_value_is_read_as_it_was_written(value: str) -> None:
    written = with_shared(EMPTY, {"UserPoolClientId": value})
    found = tomllib.loads(written)["ireland"]["deploy"]["parameters"]["parameter_overrides"]
    assert found == {"UserPoolClientId": value, "Lanes": 8}
    assert list(unlike(regions_of(written), {"UserPoolClientId": value})) == []


@pytest.mark.parametrize(
    ("parameters", "problems"),
    [
        ({"A": "1", "B": "", "Lanes": "8"}, []),
        ({"A": "1"}, [LACKING % ("sydney", "B")]),
        ({}, [LACKING % ("sydney", "A, B")]),
        (
            {"A": "2", "B": "x"},
            [
                f"[sydney.deploy] sets {name} to {value!r}, which is {wanted!r} in every Region: "
                "change the default in template.yaml"
                for name, value, wanted in (("A", "2", "1"), ("B", "x", ""))
            ],
        ),
    ],
)
def test_what_an_environment_lacks_or_has_otherwise_is_reported(
    parameters: dict[str, str], problems: list[str]
) -> None:
    assert list(unlike(region(parameters), {"A": "1", "B": ""})) == problems


OF_STAGE = "# of the stage staging, by antipode schema: "
STAGING = EMPTY.replace("[ireland", "[staging-ireland") + f"{OF_STAGE}begin\n{OF_STAGE}end\n"


def test_what_a_stage_has_otherwise_stands_in_its_environments_alone() -> None:
    stages = {"staging": {"LogRetentionDays": "14"}, "development": {"Introspection": "ENABLED"}}
    written = with_stages(f"{EMPTY}\n{STAGING}", stages)
    assert written == f"{EMPTY}\n{STAGING}".replace(
        f"{OF_STAGE}end", f'LogRetentionDays = "14"\n{OF_STAGE}end'
    )
    assert list(unlike_stages(regions_of(written), stages)) == []


def test_an_environment_that_is_not_as_its_stage_is_reported() -> None:
    stages = {"staging": {"Lanes": "4", "LogRetentionDays": "14"}}
    marks = f'give its parameter_overrides the lines "{OF_STAGE}begin" and "... end"'
    assert list(unlike_stages(regions_of(STAGING), stages)) == [
        f"[staging-ireland.deploy] sets Lanes to '8', which stages.toml has as '4': {marks}",
        "[staging-ireland.deploy] does not name LogRetentionDays, which stages.toml has as '14':"
        f" {marks}",
    ]


TABLES = {"Todo": "Todo-abc123-prod", "Note": "notes"}


def test_a_table_is_productions_and_another_stage_has_its_own_unless_it_names_one() -> None:
    both = f"{EMPTY}\n{STAGING}".replace(
        '-ireland.deploy.parameters]\nregion = "eu-west-1"\nstack_name = "',
        '-ireland.deploy.parameters]\nregion = "eu-west-1"\nstack_name = "staging-',
    )
    stages = {"staging": {"NoteTableName": "notes-2"}}
    own = table_parameters(regions_of(both), stages, TABLES)
    assert own == {
        "ireland": {"TodoTableName": "Todo-abc123-prod", "NoteTableName": "notes"},
        "staging-ireland": {"TodoTableName": "staging-antipode-Todo"},
    }
    written = with_stages(with_shared(both, {"AuthMode": "API_KEY"}, own), stages)
    found = regions_of(written)
    common = {"AuthMode": "API_KEY", "Lanes": "8"}
    assert {name: each.parameters for name, each in found.items()} == {
        "ireland": {**common, **own["ireland"]},
        "staging-ireland": {**common, **own["staging-ireland"], "NoteTableName": "notes-2"},
    }
    assert list(unlike(found, {"AuthMode": "API_KEY"}, own)) == []
    assert list(unlike_stages(found, stages)) == []


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({}, LACKING % ("sydney", "TodoTableName")),
        (
            {"TodoTableName": "todos"},
            "[sydney.deploy] sets TodoTableName to 'todos', which is 'Todo-abc123-prod' by "
            "graphql/models.graphql: change @model(table:) there, or name the table of a stage in "
            "stages.toml",
        ),
    ],
)
def test_an_environment_with_another_table_is_reported(
    parameters: dict[str, str], problem: str
) -> None:
    own = {"sydney": {"TodoTableName": "Todo-abc123-prod"}}
    assert list(unlike(region(parameters), {}, own)) == [problem]
