"""Variables out of their type, in the service's words."""

import re
import string
from typing import cast

import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.ports import AuthMode, GraphQLError, Json
from localaws.appsync.schema import build_schema
from localaws.appsync.variables import is_variable_error, reworded_variable

SCHEMA = build_schema(
    """
    type Query { a(input: Outer, kind: Kind, count: Int, ids: [ID!]): Int }
    input Outer { name: String!  inner: Inner  inners: [Inner!] }
    input Inner { size: Int!  phone: AWSPhone }
    enum Kind { GOOD BAD }
    """,
    AuthMode.API_KEY,
    only_mode=True,
).executable
QUERY = "query Q($input: Outer!, $kind: Kind, $count: Int, $ids: [ID!]) { a }"
AT = {"input": 9, "kind": 25, "count": 38, "ids": 51}


def reported(**variables: Json) -> list[GraphQLError]:
    operation = parse(QUERY).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    found = get_variable_values(SCHEMA, definitions, variables, hide_suggestions=True)
    assert isinstance(found, list)
    assert all(is_variable_error(error) for error in found)
    return [reworded_variable(error, SCHEMA) for error in found]


GOOD = {"name": "n"}


@pytest.mark.parametrize(
    ("variables", "at", "message"),
    [
        ({}, "input", "Variable 'input' has coerced Null value for NonNull type 'Outer!'"),
        (
            {"input": None},
            "input",
            "Variable 'input' has coerced Null value for NonNull type 'Outer!'",
        ),
        (
            {"input": {}},
            "input",
            "Variable 'input' has coerced Null value for NonNull type 'String!'",
        ),
        (
            {"input": {**GOOD, "inner": {}}},
            "input",
            "Variable 'input' has coerced Null value for NonNull type 'Int!'",
        ),
        (
            {"input": {**GOOD, "inner": {"size": 1, "phone": "12"}}},
            "input",
            "Variable 'phone' has an invalid value. Unable to parse `12` as a valid phone number.",
        ),
        (
            {"input": {**GOOD, "inners": [{"size": "big"}]}},
            "input",
            "Variable 'size' has an invalid value. Expected type 'Int' but was 'String'.",
        ),
        (
            {"input": GOOD, "count": "many"},
            "count",
            "Variable 'count' has an invalid value. Expected type 'Int' but was 'String'.",
        ),
        (
            {"input": GOOD, "kind": "UGLY"},
            "kind",
            "Variable 'kind' has an invalid value. "
            "Invalid input for Enum 'Kind'. No value found for name 'UGLY'",
        ),
        (
            {"input": GOOD, "ids": [None]},
            "ids",
            "Variable 'ids' has coerced Null value for NonNull type 'ID!'",
        ),
    ],
)
def test_a_variable_out_of_its_type_is_reported_where_it_is_defined(
    variables: dict[str, Json], at: str, message: str
) -> None:
    place = {"line": 1, "column": AT[at], "sourceName": None}
    assert reported(**variables) == [GraphQLError(message, locations=[place])]


def test_an_unknown_input_field_is_reported_nowhere_and_with_a_trailing_blank() -> None:
    assert reported(input={**GOOD, "nope": 1}) == [
        GraphQLError(
            "The variables input contains a field name 'nope' "
            "that is not defined for input object type 'Outer' "
        )
    ]


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("text", "String"),
        ("'", "String"),
        (3, "Integer"),
        (3_000_000_000, "Long"),
        (10**30, "BigInteger"),
        (-0.5, "Double"),
        (True, "Boolean"),
        ([{}, 1], "ArrayList"),
    ],
)
def test_what_is_no_object_is_refused_by_its_type(value: Json, type_: str) -> None:
    assert [error.message for error in reported(input=value)] == [
        f"Variable 'input' has an invalid value. Expected type 'Map' but was '{type_}'. "
        "Variables for input objects must be an instance of type 'Map'."
    ]


TEXTS = st.text("abc123.-+eE{}[]'`é\\\ud800")
# Objects are no deeper than graphql-core itself refuses to look.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OWN_WORDS = ("Variable '", "The variables input contains a field name '")
FOREIGN_WORDS = re.compile(r"encountered error|found: |object at 0x|lambda|None|True|False")


@given(
    st.fixed_dictionaries(
        {"input": ANYTHING},
        optional={"kind": ANYTHING, "count": ANYTHING, "ids": ANYTHING},
    ),
    st.text(string.ascii_letters, max_size=3),
)
def test_any_variables_are_taken_or_refused_in_the_services_words(
    variables: dict[str, Json], field: str
) -> None:
    definitions = cast("OperationDefinitionNode", parse(QUERY).definitions[0]).variable_definitions
    for given_ in (variables, {**variables, "input": {"name": "n", field: variables["input"]}}):
        found = get_variable_values(SCHEMA, definitions or (), given_, hide_suggestions=True)
        for error in found if isinstance(found, list) else ():
            message = reworded_variable(error, SCHEMA).message
            assert message.startswith(OWN_WORDS)
            assert FOREIGN_WORDS.search(message) is None
