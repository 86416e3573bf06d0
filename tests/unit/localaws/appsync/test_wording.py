"""Every sentence of the table, against what graphql-core really reports."""

import pytest
from graphql import GraphQLError, parse

from localaws.appsync import ports
from localaws.appsync.documents import Documents, InvalidDocument
from localaws.appsync.places import places_in
from localaws.appsync.ports import AuthMode, Json
from localaws.appsync.schema import build_schema
from localaws.appsync.wording import TABLE, reworded
from tests.unit.localaws.appsync.fakes import SDL

SCHEMA = build_schema(
    SDL + "\nextend type Query { kinds(kind: Kind, limit: Int, of: [ID!]): Int }"
    "\nenum Kind { GOOD BAD }",
    AuthMode.API_KEY,
    only_mode=True,
)
INPUT = "ObjectValue{{objectFields=[ObjectField{{name='{}', value={}}}]}}"

CASES = [
    ("{ nope }", "FieldUndefined: Field 'nope' in type 'Query' is undefined @ 'nope'", (1, 3)),
    (
        "{ items { part { nope } } }",
        "FieldUndefined: Field 'nope' in type 'Part' is undefined @ 'items/part/nope'",
        (1, 18),
    ),
    (
        "{ items { ...F } } fragment F on Item { nope }",
        "FieldUndefined: Field 'nope' in type 'Item' is undefined @ 'F/nope'",
        (1, 41),
    ),
    ("{ item { id } }", "MissingFieldArgument: Missing field argument id @ 'item'", (1, 3)),
    (
        "{ item(id: 1, at: 2) { id } }",
        "UnknownArgument: Unknown field argument at @ 'item'",
        (1, 15),
    ),
    (
        "{ items { id @include(if: true, at: 2) } }",
        "UnknownArgument: Unknown directive argument at @ 'items/id'",
        (1, 33),
    ),
    (
        "{ items { id @include } }",
        "MissingDirectiveArgument: Missing directive argument if @ 'items/id'",
        (1, 14),
    ),
    (
        "{ items { id { x } } }",
        "SubSelectionNotAllowed: "
        "Sub selection not allowed on leaf type ID of field id @ 'items/id'",
        (1, 14),
    ),
    (
        "{ items }",
        "SubSelectionRequired: Sub selection required for type [Item] of field items @ 'items'",
        (1, 3),
    ),
    (
        "query ($a: Nope) { kinds(limit: $a) }",
        "UnknownType: Unknown type Nope",
        (1, 12),
    ),
    (
        "{ items { ...F } }",
        "UndefinedFragment: Undefined fragment F @ 'items'",
        (1, 14),
    ),
    (
        "{ items { id } } fragment F on Item { id }",
        "UnusedFragment: Unused fragment F @ 'F'",
        (1, 18),
    ),
    (
        "{ items { ...F } } fragment F on Item { ...F }",
        "FragmentCycle: Fragment cycles not allowed @ 'F'",
        (1, 41),
    ),
    (
        "{ items { ...F } } fragment F on Part { size }",
        "InvalidFragmentType: Fragment F cannot be spread here as objects of type Item "
        "can never be of type Part @ 'items'",
        (1, 11),
    ),
    (
        "{ items { ... on String { size } } }",
        "InlineFragmentTypeConditionInvalid: "
        "Inline fragment type condition is invalid, must be on Object/Interface/Union @ 'items'",
        (1, 18),
    ),
    (
        "{ items { ...F } } fragment F on String { size }",
        "FragmentTypeConditionInvalid: "
        "Fragment type condition is invalid, must be on Object/Interface/Union @ 'F'",
        (1, 34),
    ),
    (
        "{ item(id: $a) { id } }",
        "UndefinedVariable: Undefined variable a @ 'item'",
        (1, 12),
    ),
    (
        "query ($a: ID) { items { id } }",
        "UnusedVariable: Unused variable a",
        (1, 8),
    ),
    (
        "query ($a: ID) { item(id: $a) { id } }",
        "VariableTypeMismatch: Variable type 'ID' doesn't match expected type 'ID!' @ 'item'",
        (1, 27),
    ),
    (
        "query ($a: Item) { items { id @include(if: $a) } }",
        "NonInputTypeOnVariable: Input variable a type Item is not an input type",
        (1, 12),
    ),
    (
        "{ items { a: id a: name } }",
        "FieldsConflict: a: 'id' and 'name' are different fields @ 'items/name'",
        (1, 17),
    ),
    (
        "{ items { id @nope } }",
        "UnknownDirective: Unknown directive nope @ 'items/id'",
        (1, 14),
    ),
    (
        "query @skip(if: true) { items { id } }",
        "MisplacedDirective: Directive skip not allowed here",
        (1, 7),
    ),
    (
        "{ items { id @skip(if: true) @skip(if: true) } }",
        "DuplicateDirectiveName: Non repeatable directives must be uniquely named within a "
        "location. The directive 'skip' is not unique. @ 'items/id'",
        (1, 30),
    ),
    (
        "query A { items { id } } { items { id } }",
        "LoneAnonymousOperationViolation: Anonymous operation with other operations.",
        (1, 26),
    ),
    (
        "{ items { id } } type A { b: Int }",
        "NonExecutableDefinition: 'A' definition is not executable",
        (1, 18),
    ),
    (
        "query A { items { id } } query A { items { id } }",
        "DuplicateOperationName: There can be only one operation named 'A'",
        (1, 32),
    ),
    (
        "{ items { ...F } } fragment F on Item { id } fragment F on Item { id }",
        "DuplicateFragmentName: There can be only one fragment named 'F' @ 'F'",
        (1, 55),
    ),
    (
        "{ item(id: 1, id: 1) { id } }",
        "DuplicateArgumentNames: There can be only one argument named 'id' @ 'item'",
        (1, 15),
    ),
    (
        "query ($a: Int, $a: Int) { kinds(limit: $a) }",
        "DuplicateVariableName: There can be only one variable named 'a'",
        (1, 18),
    ),
    (
        "{ item(id: null) { id } }",
        "WrongType: argument 'id' with value 'NullValue{}' must not be null @ 'item'",
        (1, 8),
    ),
    (
        'mutation { put(input: {name: "n"}) { id } }',
        "WrongType: argument 'input' with value "
        "'ObjectValue{objectFields=[ObjectField{name='name', value=StringValue{value='n'}}]}' "
        "is missing required fields '[id]' @ 'put'",
        (1, 16),
    ),
    (
        'mutation { put(input: {id: "1", data: "{"}) { id } }',
        "WrongType: argument 'input.data' with value 'StringValue{value='{'}' "
        "is not a valid 'AWSJSON' @ 'put'",
        (1, 16),
    ),
    (
        "mutation { publish(change: {a: 1}) { id } }",
        f"WrongType: argument 'change' with value '{INPUT.format('a', 'IntValue{value=1}')}' "
        "is not a valid 'AWSJSON' @ 'publish'",
        (1, 20),
    ),
    (
        "{ kinds(limit: 1.5) }",
        "WrongType: argument 'limit' with value 'FloatValue{value=1.5}' "
        "is not a valid 'Int' @ 'kinds'",
        (1, 9),
    ),
    (
        "{ kinds(kind: UGLY) }",
        "WrongType: argument 'kind' with value 'EnumValue{name='UGLY'}' "
        "is not a valid 'Kind' @ 'kinds'",
        (1, 9),
    ),
    (
        "{ kinds(kind: true) }",
        "WrongType: argument 'kind' with value 'BooleanValue{value=true}' "
        "is not a valid 'Kind' @ 'kinds'",
        (1, 9),
    ),
    (
        "query ($a: ID!) { kinds(of: [$a, null]) }",
        "WrongType: argument 'of' with value 'NullValue{}' must not be null @ 'kinds'",
        (1, 25),
    ),
]


def errors(query: str) -> list[tuple[str, list[Json]]]:
    with pytest.raises(InvalidDocument) as invalid:
        Documents(SCHEMA, introspection=True, depth_limit=0).prepare(query)
    return [(error.message, list(error.locations or ())) for error in invalid.value.errors]


@pytest.mark.parametrize(("query", "sentence", "place"), CASES)
def test_a_fault_is_reported_in_the_services_words(
    query: str, sentence: str, place: tuple[int, int]
) -> None:
    expected = (
        f"Validation error of type {sentence}",
        [{"line": place[0], "column": place[1], "sourceName": None}],
    )
    assert expected in errors(query)


def test_every_wording_of_the_table_is_shown_to_match() -> None:
    reported = {
        message.removeprefix("Validation error of type ").partition(":")[0]
        for query, _, _ in CASES
        for message, _ in errors(query)
    }
    assert reported == {wording.kind for wording in TABLE}


def test_an_unknown_input_field_is_named_with_the_object_that_has_it() -> None:
    value = INPUT.format("nope", "IntValue{value=1}")
    assert errors('mutation { put(input: {id: "1", nope: 1}) { id } }')[0][0].endswith(
        "IntValue{value=1}}]}' contains a field not in 'ItemInput': 'nope' @ 'put'"
    )
    assert errors("mutation { put(input: {nope: 1}) { id } }")[-1][0] == (
        f"Validation error of type WrongType: argument 'input' with value '{value}' "
        "contains a field not in 'ItemInput': 'nope' @ 'put'"
    )


def test_a_sentence_that_the_table_does_not_know_is_passed_on() -> None:
    document = parse("{ items { id } }")
    unknown = GraphQLError("Something that no table lists.", document.definitions[0])
    place: Json = {"line": 1, "column": 1, "sourceName": None}
    assert reworded(unknown, places_in(document)) == ports.GraphQLError(
        unknown.message, locations=[place]
    )
    assert reworded(unknown, {}) == ports.GraphQLError(unknown.message)
