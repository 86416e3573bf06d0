"""What AppSync, CloudFormation or DynamoDB would refuse is refused here, with its line and rule."""

from __future__ import annotations

import json

import pytest

from antipode_tools.schema import compiler
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.publish import MAX_TOKENS, tokens

SCALARS = (
    "ID, String, Int, Float, Boolean, AWSDate, AWSDateTime, AWSEmail, AWSIPAddress, AWSJSON, "
    "AWSPhone, AWSTime, AWSTimestamp, AWSURL"
)
MODEL = "type M @model { id: ID! }"
LONG = "M" * 43
DIRECTIVES = (
    "@model, @primaryKey, @index, @hasOne, @hasMany, @belongsTo, @manyToMany, @default, @validate, "
    "@ttl, @set, @function, @source, @scope, @aws_subscribe, @auth, @deprecated"
)
KEY = "which is for a model and names fields of it: write @primaryKey on its field, or @index"


def diagnostics(source: str, earlier: str | None = None) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(source, earlier)
    return [each.located("m") for each in raised.value.diagnostics]


@pytest.mark.parametrize("name", ["Query", "Mutation", "Subscription"])
def test_a_root_is_no_model(name: str) -> None:
    assert diagnostics(f"type {name} @model {{ id: ID! }}") == [
        f"m:1: {name} has @model, which is for a type that has a table"
    ]


@pytest.mark.parametrize("name", ["Change", "ChangeKind", "AWSJSON"])
def test_a_name_that_every_schema_has_is_refused(name: str) -> None:
    is_root = name in ("Query", "Mutation", "Subscription")
    problem = (
        "has @model, which is for a type that has a table"
        if is_root
        else "is the name of a type that every schema has: choose another"
    )
    assert diagnostics(f"type {name} @model {{ id: ID! }}") == [f"m:1: {name} {problem}"]


INPUT = "m:2: M.i is the input I: inputs are for arguments alone"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "type M @model {\n  id ID!\n}",
            "m:2: this is not GraphQL: Expected ':', found Name 'ID'.",
        ),
        ("enum E { A }", "m: there is no model: give a type @model"),
        ("", "m: there is no model: give a type @model"),
        ("\ufeff", "m: there is no model: give a type @model"),
        ("# type M @model { id: ID! }\n\n", "m: there is no model: give a type @model"),
        (
            f"{MODEL}\nscalar Money",
            f"m:2: Money is a scalar that AppSync has not: its own are {SCALARS}",
        ),
        (
            f"{MODEL}\nextend type N {{ a: ID }}",
            "m:2: N is extended and defined nowhere: define it",
        ),
        (
            f"{MODEL}\nextend enum E {{ A }}",
            "m:2: enum type extension has no place here: a models' file has types, inputs, enums, "
            "interfaces, unions, and types that are extended",
        ),
        (
            f"{MODEL} type Query {{ m: M }}\nschema {{ query: Root }}",
            "m:2: the schema's query is Root: name it Query",
        ),
        ("type M @model { id: ID!\ni: I }\ninput I { a: ID }", INPUT),
        (
            "type M @model(queries: null) { id: ID! }",
            "m:1: no model has a query, and a schema needs one: leave one to a model, as "
            '@model(queries: { get: "getTodo" })',
        ),
        (f"{MODEL}\n{MODEL}", "m:2: M is defined in line 1 already"),
        (f"{MODEL} {MODEL}", "m:1: M is defined in line 1 already"),
        (
            f"{MODEL}\n{MODEL.replace('M', 'm', 1).replace('m', 'Mm', 1)}\n"
            "type MM @model { id: ID! }",
            "m:3: the models Mm and MM differ only in case or in characters that are neither "
            "letters nor digits: their tables and logical ids would be one",
        ),
        (
            "type My_Model @model { id: ID! }\ntype MyModel @model { id: ID! }",
            "m:2: the models My_Model and MyModel differ only in case or in characters that are "
            "neither letters nor digits: their tables and logical ids would be one",
        ),
        (
            "type Person @model { id: ID! }\ntype People @model { id: ID! }",
            "m:2: People has the operation listPeople, which Person has already: rename one, by "
            "@model(queries:, mutations:, subscriptions:) or by queryField",
        ),
        (
            "type _ @model { id: ID! }",
            "m:1: the model _ has neither a letter nor a digit: its name is a part of logical ids, "
            "which CloudFormation wants alphanumeric",
        ),
        (
            f'type {LONG} @model(subscriptions: {{ onCreate: "a", onDelete: "b" }}) {{ id: ID! }}',
            f"m:1: onUpdate{LONG} has 51 characters, and the name of a subscription at most 50: "
            "give the model a shorter name, or its subscriptions others, by @model(subscriptions:)",
        ),
        (
            'type M @model(mutations: { create: "publishCreateM" }) { id: ID! }',
            "m:1: M has the operation publishCreateM: names that begin with __ are kept for "
            "GraphQL, and those with publishCreate and its like for the relay",
        ),
        (
            'type M @model(timestamps: { createdAt: "version" }) { id: ID! }',
            "m:1: M has a timestamp with the name version, which is taken already",
        ),
        (
            'type M @model(timestamps: { createdAt: "updatedAt" }) { id: ID! }',
            "m:1: M has two timestamps with the name updatedAt",
        ),
        (
            "type Yes @model { id: ID! }",
            "m:1: the model Yes has a name that YAML reads as another value",
        ),
        (
            f"{MODEL} type AWSThing {{ a: ID }}",
            "m:1: AWSThing begins with AWS, which AppSync keeps for its own scalars",
        ),
        (
            f"{MODEL} enum __E {{ A }}",
            "m:1: __E begins with __, which GraphQL keeps for itself",
        ),
        (
            f"{MODEL} type publishM {{ a: ID }}",
            "m:1: publishM begins with publish, which is kept for the relay",
        ),
        (
            "type M @model { id: ID!\nupdatedIn: Int }",
            "m:2: M.updatedIn is generated on every model: leave it out, or rename it if it is "
            "something else",
        ),
        (
            "type M @model { id: ID!\n_change: ID }",
            "m:2: M._change is generated on every model: leave it out, or rename it if it is "
            "something else",
        ),
        (
            "type M @model { id: ID!\n_was: ID }",
            "m:2: M._was is generated on every model: leave it out, or rename it if it is "
            "something else",
        ),
        (
            "type M @model { id: ID!\nand: ID }",
            "m:2: M.and has the name of an operator of filters: rename it",
        ),
        ("type M @model { id: ID!\na: ID\na: Int }", "m:3: M.a is defined twice"),
        (
            "type M @model { id: ID!\n__a: ID }",
            "m:2: M.__a begins with __, which GraphQL keeps for itself",
        ),
        (f"{MODEL} type N", "m:1: N has no fields"),
        (f"{MODEL} enum E", "m:1: E has no values"),
        (f"{MODEL} enum E {{ A B A }}", "m:1: E.A is defined twice"),
        (
            "type M @model { id: ID!\na: Date }",
            "m:2: M.a is Date, which is neither a type of this file nor a scalar of AppSync: those "
            f"are {SCALARS}",
        ),
        (
            f"{MODEL} type O @model {{ id: ID!, u: U }}\nunion U = M",
            "m:2: U can be the model M, and O holds U: an item cannot hold an item of another "
            "table, only its key",
        ),
        (
            "interface A { id: ID }\ninterface B implements A { id: ID }\n"
            "type M implements A & B @model { id: ID! }",
            "m:2: B is an interface that implements A, and AppSync takes no schema with one: give "
            "it the fields of A, and let each type implement all",
        ),
        (
            "type M implements I @model { id: ID! }",
            "m:1: M implements I, which is not an interface of this file",
        ),
        (
            f"{MODEL} union U = N",
            "m:1: U has the member N, which is not a type of this file",
        ),
        (
            "type M @model { id: ID!, a: A } type A { b: [B] } type B { a: A }",
            "m:1: M.a.b.a leads back to A without end: hold a key instead",
        ),
        (
            "type M @model { id: ID!, u: U } union U = A type A { u: U }",
            "m:1: M.u.u leads back to U without end: hold a key instead",
        ),
        (
            "type M @model { id: ID! @containsAny(of: [7]) }",
            f"m:1: M.id has @containsAny, and the directives are {DIRECTIVES}",
        ),
        ("type M @model { id: ID! @key }", f"m:1: M.id has @key, {KEY}"),
        (f'{MODEL} type N @key(fields: ["a"]) {{ a: ID }}', f"m:1: N has @key, {KEY}"),
        *[
            (f"type M @model @key{arguments} {{ id: ID! }}", f"m:1: M has @key, {KEY}")
            for arguments in ("", "(fields: [])", '(fields: ["a"])', "(fields: [1])")
        ],
        (
            "type M @versioned { id: ID! }",
            "m:1: M has @versioned, which is for a model, and changes nothing: every item has a "
            "version. Take it out",
        ),
        (
            f"{MODEL} type N {{ a: ID @connection }}",
            "m:1: N.a has @connection, which is for a field of a model: write @hasMany, @hasOne or "
            "@belongsTo",
        ),
        (
            f"{MODEL} type N {{ a: AWSTimestamp @ttl }}",
            "m:1: N.a has @ttl, which is for a field of a model",
        ),
        (
            f"{MODEL} enum E @model {{ A }}",
            "m:1: E has @model, which is for a type that has a table",
        ),
        ("type M @model @model { id: ID! }", "m:1: M has @model twice"),
        (
            'type M @model(writer: "o") { id: ID! }',
            "m:1: M has @model with writer, which it does not take",
        ),
        (
            "type M @model(table: 1) { id: ID! }",
            "m:1: M has @model(table:) with a value that it does not take: "
            '@model(table: "Todo-abc123-prod")',
        ),
        (
            'type M @model(table: "no") { id: ID! }',
            "m:1: M has the table 'no', and DynamoDB takes names of 3 to 255 letters, digits, _, . "
            "and -",
        ),
        (
            'type M @model(table: "arn:aws:dynamodb:eu-west-1:1:table/a") { id: ID! }',
            "m:1: M has the table 'arn:aws:dynamodb:eu-west-1:1:table/a', and DynamoDB takes names "
            "of 3 to 255 letters, digits, _, . and -",
        ),
        (
            f'type M @model(table: "{256 * "a"}") {{ id: ID! }}',
            f"m:1: M has the table '{256 * 'a'}', and DynamoDB takes names of 3 to 255 letters, "
            "digits, _, . and -",
        ),
        (
            'type M @model(table: "antipode-Journal-1GHT6XJ0O7K2") { id: ID! }',
            "m:1: M has the table antipode-Journal-1GHT6XJ0O7K2, a stack's journal of "
            "announcements: name the table that holds the model's items",
        ),
        (
            'type M @model(table: "one") { id: ID! }\ntype O @model(table: "one") { id: ID! }',
            "m:2: O has the table one, which M has: a table is one model's, since the relay tells "
            "by it whose a change is",
        ),
        (
            "\n".join(f'type M{n} @model(table: "{n}{252 * "a"}") {{ id: ID! }}' for n in range(5)),
            "m: the names of 5 tables do not fit the API's environment, which has 4 variables of "
            "512 characters for them: leave some to the stack, or deploy some models as a second "
            "stack",
        ),
        (
            "type M @model(onChange: 1) { id: ID! }",
            "m:1: M has @model(onChange:) with a value that it does not take: "
            "@model(onChange: true)",
        ),
        (
            "type M @model(queries: { list: 7 }) { id: ID! }",
            "m:1: M has @model(queries:) with a value that it does not take: "
            '@model(queries: { list: "listTodos" }, subscriptions: null)',
        ),
        (
            'type M @model(queries: { gets: "all" }) { id: ID! }',
            "m:1: M has @model(queries:) with gets: it takes get, list, sync",
        ),
        (
            'type M @model(mutations: { create: ["a", "b"] }) { id: ID! }',
            "m:1: M has several names for create: an operation has one",
        ),
        (
            "type M @model(subscriptions: { level: low }) { id: ID! }",
            "m:1: M has a level that is not one of off, public, on",
        ),
        *[
            (
                f"type M @model {{ id: ID! @primaryKey(sortKeyFields: {names}) }}",
                "m:1: M.id has @primaryKey(sortKeyFields:) with a value that it does not take: "
                '@primaryKey(sortKeyFields: ["at"])',
            )
            for names in ("7", "[7]", '["a b"]')
        ],
        (
            'type M @model { id: ID! @primaryKey(name: "a") }',
            "m:1: M.id has @primaryKey with name, which it does not take",
        ),
        (
            "type M @model {\n  a: ID! @primaryKey\n  b: ID! @primaryKey\n}",
            "m:3: M.b has @primaryKey as M.a has: name its other fields in sortKeyFields",
        ),
        (
            'type M @model {\n a: ID! @primaryKey(sortKeyFields: "b") }',
            "m:2: M has b in its key, but no field of that name",
        ),
        (
            'type M @model {\n a: ID! @primaryKey(sortKeyFields: ["a"]) }',
            "m:2: M has a in its key twice",
        ),
        (
            "type M @model {\n a: ID @primaryKey }",
            "m:2: M.a is in the key and may be null: make it ID!",
        ),
        (
            'type M @model { a: ID!\n @primaryKey(sortKeyFields: ["createdAt"]) }',
            "m:2: M has createdAt in its key and does not declare it, so that no input could name "
            "an item: declare createdAt: AWSDateTime!",
        ),
        *[
            (
                f'type M @model {{ a: ID! @primaryKey(sortKeyFields: ["{name}"]) }}',
                f"m:1: M has {name} in its key, which every write changes: a key stays",
            )
            for name in ("updatedAt", "version", "updatedIn")
        ],
        (
            "type M @model { id: [ID!]! }",
            "m:1: M.id is [ID!]!, and a key's field is one text, number or value of an enum, no "
            "other type",
        ),
        (
            "type M @model { id: Boolean! }",
            "m:1: M.id is Boolean!, and a key's field is one text, number or value of an enum, no "
            "other type",
        ),
        (
            f"type M @model {{ {'a' * 256}: ID! @primaryKey }}",
            f"m:1: M.{'a' * 256} has 256 characters, and DynamoDB takes 255 in a key",
        ),
        (
            'type T @model { a: ID! @primaryKey(sortKeyFields: "limit"), limit: Int! }',
            "m:1: the key of T has limit, which listTS has as an argument already: rename the "
            "field",
        ),
        (
            "type M @model { id: ID!\nat: Int @ttl }",
            "m:2: M.at has @ttl and is Int: DynamoDB reads seconds since 1970, which is "
            "AWSTimestamp",
        ),
        (
            "type M @model { id: ID!\na: AWSTimestamp @ttl\nb: AWSTimestamp @ttl }",
            "m:3: M.b has @ttl as M.a has: a table has one time to live",
        ),
        (
            f"{MODEL}\ntype ModelMConnection {{ a: ID }}",
            "m:2: ModelMConnection is the name of a generated type: it would be there twice, which "
            "M needs; rename one",
        ),
        (
            "type M @model { id: ID! }\nenum ModelIDInput { A }",
            "m:2: ModelIDInput is the name of a generated type: it would be there twice; "
            "rename one",
        ),
        (
            "type M @model { id: ID!, a: CreateM }\ntype CreateM { a: ID }",
            "m:1: CreateMInput is the name of a generated type: it would be there twice, which "
            "CreateM needs; rename one",
        ),
    ],
)
def test_the_line_and_the_rule_are_reported(source: str, problem: str) -> None:
    assert [each for each in diagnostics(source) if ": warning: " not in each] == [problem]


def test_every_finding_of_a_file_is_reported_at_once() -> None:
    assert diagnostics("type Yes @model { id: ID! }\ntype Change { a: Date }") == [
        "m:1: the model Yes has a name that YAML reads as another value",
        "m:2: Change is the name of a type that every schema has: choose another",
        "m:2: Change.a is Date, which is neither a type of this file nor a scalar of AppSync: "
        f"those are {SCALARS}",
    ]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("#" * 1_000_001, "m: the file has 1000001 bytes, and AppSync takes a schema of 1000000"),
        (
            " ".join(f"type Mo{number} @model {{ id: ID! }}" for number in range(167)),
            "m: there are 167 models, and a stack takes no more than 166",
        ),
        (
            f"type M @model {{ id: ID!\na: {'[' * 3000}ID{']' * 3000} }}",
            "m:2: this is not GraphQL: Document is nested too deeply. Parsing aborted.",
        ),
    ],
)
def test_a_file_of_any_size_is_answered(source: str, problem: str) -> None:
    assert diagnostics(source) == [problem]


def test_types_in_types_without_number_are_answered() -> None:
    assert diagnostics(chain(3000)) == [
        "m: types, lists or values stand in one another deeper than can be read"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "type My_Model @model { id: ID! }",
        "type model @model { id: ID! }",
        "type M @model { id: ID }",
        "type M @model { name: String }",
        f"{MODEL}\nextend type M {{ a: ID }}",
        f"schema {{ query: Query }} {MODEL} type Query {{ m: M }}",
        f"scalar AWSDate {MODEL}",
        f"{MODEL} type Query {{ any: [U] }} union U = M | T type T {{ m: M }}",
        f"{MODEL} type Query {{ any(i: I): M }} input I {{ a: ID }}",
        "type M @model(queries: { list: null }, mutations: null, subscriptions: null) { id: ID! }",
    ],
)
def test_what_real_files_have_is_taken(source: str) -> None:
    assert compile_models(source).warnings == ()


def test_a_directive_that_is_defined_and_a_comma_between_interfaces_are_told() -> None:
    source = """directive @mine on OBJECT
interface A { id: ID }
interface B { id: ID }
type M implements A, B @model { id: ID! }"""
    assert [each.located("m") for each in compile_models(source).warnings] == [
        "m:1: warning: @mine is defined here, which is left out: what directives there are is not "
        "the file's to say",
        "m:4: warning: a comma stands between interfaces, read as &: write A & B",
    ]


def chain(levels: int) -> str:
    """A model whose fields are so many levels deep."""
    links = "\n".join(f"type T{n} {{ below: T{n + 1} }}" for n in range(2, levels))
    return f"type M @model {{ id: ID!, below: T2 }}\n{links}\ntype T{levels} {{ leaf: ID }}"


def test_a_model_deeper_than_the_depth_limit_is_refused() -> None:
    assert diagnostics(chain(75)) == [
        "m:1: M is nested 75 levels deep, and the relay selects all of it: AppSync's depth limit "
        "is 75, one of them the mutation"
    ]
    [warning] = compile_models(chain(74)).warnings
    assert warning.located("m") == (
        "m:1: warning: M is nested 74 levels deep: the filter of a subscription sees 5"
    )


def test_five_levels_are_no_cause_for_a_warning() -> None:
    assert compile_models(chain(5)).warnings == ()
    assert len(compile_models(chain(6)).warnings) == 1


def test_a_model_that_doubles_at_each_level_is_refused_before_it_is_written_out() -> None:
    links = "\n".join(f"type T{n} {{ a: T{n + 1}, b: T{n + 1} }}" for n in range(1, 40))
    source = f"type M @model {{ id: ID!, a: T1 }}\n{links}\ntype T40 {{ leaf: ID }}"
    [diagnostic] = [each for each in diagnostics(source) if "fields" in each]
    assert diagnostic == (
        "m:1: M has 1649267441664 fields to the leaves, and AppSync takes documents of 15000 tokens"
    )


def test_a_schema_larger_than_appsync_takes_is_refused() -> None:
    fields = " ".join(f"{'f' * 200}{number}: ID" for number in range(50))
    models = "\n".join(f"type M{number} @model {{ id: ID! {fields} }}" for number in range(40))
    [problem] = diagnostics(models)
    assert problem.endswith(f" bytes, and AppSync takes at most {compiler.MAX_SCHEMA_BYTES}")


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        ("", "Interface field I.name expected but M does not provide it."),
        (", name: Int", "Interface field I.name expects type String but M.name is type Int."),
    ],
)
def test_an_interface_that_is_not_kept_is_refused_in_graphqls_words(
    kept: str, problem: str
) -> None:
    source = f"interface I {{ name: String }}\ntype M implements I @model {{ id: ID!{kept} }}"
    assert diagnostics(source) == [f"m:2: {problem}"]


def test_one_name_of_two_types_in_the_members_of_a_union_is_refused_at_the_model() -> None:
    source = """union U = A | B
      type A { x: Int }
      type B { x: String }
      type M @model { id: ID!, u: U }"""
    assert [each for each in diagnostics(source) if "warning" not in each] == [
        "m:4: publishCreateM cannot be selected whole: Fields 'x' conflict because they return "
        "conflicting types 'Int' and 'String'. Use different aliases on the fields to fetch both "
        "if this was intentional."
    ]


def test_a_model_whose_documents_appsync_would_not_read_is_refused() -> None:
    links = " ".join(f"type T{n} {{ a: T{n + 1}, b: T{n + 1} }}" for n in range(1, 13))
    source = f"{links} type T13 {{ leaf: ID }}\ntype M @model {{ id: ID!, a: T1 }}"
    [diagnostic] = [each for each in diagnostics(source) if "tokens" in each]
    assert diagnostic == "m:2: publishCreateM selects 28702 tokens, and AppSync takes at most 15000"


def test_a_type_on_two_paths_is_no_circle() -> None:
    """The documents select it on both, as often as it is there."""
    diamond = "type A { c: C } type B { c: C } type C { leaf: ID }"
    compiled = compile_models(f"type M @model {{ id: ID!, a: A, b: B, c: C }} {diamond}")
    assert compiled.warnings == ()
    query = json.loads(compiled.documents)["models"]["M"]["mutations"]["CREATE"]["query"]
    assert "{ id a { c { leaf } } b { c { leaf } } c { leaf } createdAt" in query


def test_types_that_are_shared_many_times_are_taken_while_their_documents_are_read() -> None:
    links = " ".join(f"type T{n} {{ a: T{n + 1}, b: T{n + 1} }}" for n in range(1, 12))
    source = f"{links} type T12 {{ leaf: ID }} type M @model {{ id: ID!, a: T1 }}"
    query = json.loads(compile_models(source).documents)["models"]["M"]["mutations"]["CREATE"][
        "query"
    ]
    assert query.count("leaf") == 2**11
    assert MAX_TOKENS / 2 < tokens(query) < MAX_TOKENS


def test_what_no_model_uses_and_what_cannot_be_written_is_warned_of() -> None:
    source = "type M @model { id: ID!\nu: U }\nunion U = A\ntype A { a: ID }\nenum E { B }"
    assert [each.located("m") for each in compile_models(source).warnings] == [
        "m:2: warning: M.u is left out of inputs, which cannot be of an interface or a union: "
        "write it to the table yourself, with its __typename",
        "m:5: warning: nothing uses E",
    ]
