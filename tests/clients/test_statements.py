"""Statements as `amplify codegen` writes them, for every example."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from antipode_tools.project.config import project_root
from tests.clients.statements import statements

EXAMPLES = sorted(each.parent.name for each in project_root().glob("examples/*/schema.graphql"))


def schema_of(example: str) -> GraphQLSchema:
    appsync = (project_root() / "graphql" / "appsync.graphql").read_text()
    own = (project_root() / "examples" / example / "schema.graphql").read_text()
    return build_schema(appsync + own)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_statement_is_valid(example: str) -> None:
    schema = schema_of(example)
    written = statements(schema)
    assert written
    wrong = {
        name: errors for name, text in written.items() if (errors := validate(schema, parse(text)))
    }
    assert wrong == {}


def test_a_statement_declares_what_nobody_need_give_and_selects_two_levels() -> None:
    written = statements(schema_of("board"))
    assert written["updateBoard"] == (
        "mutation UpdateBoard($input: UpdateBoardInput! $condition: ModelBoardConditionInput) {"
        " updateBoard(input: $input, condition: $condition) { id title cards { items { id boardId"
        " column position title due isOverdue createdAt updatedAt version updatedIn __typename }"
        " nextToken __typename } createdAt updatedAt version updatedIn"
        " _was { title __typename }"
        " _change { id kind sequence region recordedAt __typename } __typename } }"
    )
    assert written["onDeleteBoard"].startswith(
        "subscription OnDeleteBoard($filter: ModelSubscriptionBoardFilterInput $id: ID"
    )
