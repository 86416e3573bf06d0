"""What tables are called, and which names cannot be or should be thought over."""

from __future__ import annotations

import pytest

from antipode_tools.project.regions import Region
from antipode_tools.project.tables import clashing, is_named, named_model, shared, table_of

MODELS = ["Todo", "Note"]


def region(name: str, stack: str, code: str = "eu-west-1", **tables: str) -> Region:
    return Region(
        name, code, stack, {f"{model}TableName": table for model, table in tables.items()}
    )


NAMED = region("ireland", "antipode", Todo="Todo-abc123-prod")


@pytest.mark.parametrize(
    ("model", "table", "named"),
    [("Todo", "Todo-abc123-prod", True), ("Note", "antipode-Note", False)],
)
def test_a_table_is_called_by_its_stack_and_model_unless_a_parameter_names_it(
    model: str, table: str, named: bool
) -> None:
    assert (table_of(NAMED, model), is_named(NAMED, model)) == (table, named)


@pytest.mark.parametrize(
    ("table", "model"),
    [("Todo-abc123-prod", "Todo"), ("antipode-Note", ""), ("antipode-Todo", "")],
)
def test_the_model_that_a_table_is_named_for_is_known(table: str, model: str) -> None:
    its_own = region("sydney", "antipode", Todo="Todo-abc123-prod", Note="antipode-Note")
    assert named_model(its_own, table) == model


def test_a_parameter_that_says_what_the_stack_would_is_no_other_name() -> None:
    staging = region("staging-ireland", "staging-antipode", Todo="staging-antipode-Todo")
    assert not is_named(staging, "Todo")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (region("staging-ireland", "staging-antipode"), []),
        (
            region("staging-ireland", "staging-antipode", Todo="staging-antipode-Note"),
            [
                "the stack staging-antipode has the table staging-antipode-Note for Todo and Note:"
                " a table is one model's"
            ],
        ),
        (
            region("staging-ireland", "staging-antipode", Todo="antipode-Todo"),
            [
                "the stack antipode may use what is named antipode-..., the table antipode-Todo of"
                " staging-antipode among it: give the stack antipode another name"
            ],
        ),
    ],
)
def test_a_table_of_two_models_or_in_reach_of_another_stack_is_told(
    other: Region, told: list[str]
) -> None:
    sydney = region("sydney", "antipode", "ap-southeast-2", Todo="Todo-abc123-prod")
    assert list(clashing([NAMED, sydney, other], MODELS)) == told


def test_a_table_of_two_stacks_is_told() -> None:
    staging = region("staging-ireland", "staging-antipode", Todo="Todo-abc123-prod")
    sydney = region("sydney", "antipode", "ap-southeast-2", Todo="Todo-abc123-prod")
    assert list(shared([NAMED, sydney], MODELS)) == []
    assert list(shared([NAMED, sydney, staging], MODELS)) == [
        "the stacks antipode and staging-antipode have one table for Todo, Todo-abc123-prod: right"
        " in two accounts; in one the second cannot be made, and its roles would be for the first"
        " one's items"
    ]
