"""What is said of a change set, and what clients would notice."""

from __future__ import annotations

import pytest

from antipode_tools.operate.deployment.change_set import (
    TABLE,
    Action,
    Change,
    ChangeSet,
    Replacement,
)
from antipode_tools.operate.deployment.clients import noticed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(Action.ADD, "Queue", "AWS::SQS::Queue"), "+ Queue (AWS::SQS::Queue)"),
        (Change(Action.MODIFY, "Queue", "AWS::SQS::Queue"), "~ Queue (AWS::SQS::Queue)"),
        (
            Change(Action.REMOVE, "ApiKey", "AWS::AppSync::ApiKey"),
            "- ApiKey (AWS::AppSync::ApiKey): clients need the new key",
        ),
        (
            Change(Action.MODIFY, "Api", "AWS::AppSync::GraphQLApi", Replacement.YES),
            "~ Api (AWS::AppSync::GraphQLApi), replaced: its addresses and its key become others:"
            " every client must know",
        ),
        (
            Change(Action.MODIFY, "Role", "AWS::IAM::Role", Replacement.PERHAPS),
            "~ Role (AWS::IAM::Role), perhaps replaced",
        ),
        (
            Change(Action.REMOVE, "TodoTable", TABLE),
            f"- TodoTable ({TABLE}): its items stay in it, in every Region, out of the stack",
        ),
    ],
)
def test_a_change_is_said_with_what_it_means(change: Change, said: str) -> None:
    assert str(change) == said


def test_changes_are_counted_by_kind() -> None:
    add, modify = (
        Change(action, "Queue", "AWS::SQS::Queue") for action in (Action.ADD, Action.MODIFY)
    )
    assert ChangeSet("", [add, modify, modify]).summary() == "3 changes: 1 added, 2 modified"


def test_a_table_that_is_kept_out_of_the_stack_is_no_reason_to_refuse() -> None:
    assert list(ChangeSet("", [Change(Action.REMOVE, "T", TABLE)]).refusals("ireland")) == []


APPSYNC = """
scalar AWSDateTime
scalar AWSJSON
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""
SERVED = """
type Item { id: ID at: AWSDateTime }
input NewItem { id: ID }
type Query { getItem(id: ID!): Item listItems: [Item] }
type Mutation {
  createItem(input: NewItem!): Item
  publishCreateItem(id: ID, change: AWSJSON!): Item
}
type Subscription { onCreateItem(id: ID): Item @aws_subscribe(mutations: ["publishCreateItem"]) }
"""


def test_of_the_same_schema_and_of_what_is_added_nobody_notices() -> None:
    assert noticed(SERVED, SERVED, APPSYNC) == []
    assert noticed(SERVED, SERVED.replace("id: ID at:", "id: ID new: Int at:"), APPSYNC) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (" listItems: [Item]", "", "Field Query.listItems was removed."),
        (" at: AWSDateTime", "", "Field Item.at was removed."),
        ("at: AWSDateTime", "at: Int", "Field Item.at changed type from AWSDateTime to Int."),
        (
            "NewItem { id: ID }",
            "NewItem { id: ID name: String! }",
            "A required field NewItem.name was added.",
        ),
    ],
)
def test_what_is_gone_or_has_become_something_else_is_noticed(
    old: str, new: str, said: str
) -> None:
    [sentence] = noticed(SERVED, SERVED.replace(old, new), APPSYNC)
    assert sentence.rstrip(".") == said.rstrip(".")


def test_the_relays_own_mutations_are_nobodys_else() -> None:
    other = SERVED.replace("publishCreateItem(id: ID, ", "publishCreateItem(name: ID!, ")
    assert noticed(SERVED, other, APPSYNC) == []


def test_a_schema_that_has_appsyncs_own_definitions_is_read_as_well() -> None:
    assert noticed(f"scalar AWSDateTime\n{SERVED}", SERVED, APPSYNC) == []


def test_what_cannot_be_read_is_said() -> None:
    [sentence] = noticed("type Query {", SERVED, APPSYNC)
    assert sentence.startswith("the schemas cannot be compared, look at their diff: Syntax Error")
