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


def diagnostics(source: str, earlier: str | None = None) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(source, earlier)
    return [each.located("m") for each in raised.value.diagnostics]


@pytest.mark.parametrize(
    "name", ["Query", "Mutation", "Subscription", "Change", "ChangeKind", "AWSJSON"]
)
def test_a_name_that_every_schema_has_is_refused(name: str) -> None:
    assert diagnostics(f"type {name} @model {{ id: ID! }}") == [
        f"m:1: {name} is the name of a type that every schema has: choose another"
    ]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "type M @model {\n  id ID!\n}",
            "m:2: this is not GraphQL: Expected ':', found Name 'ID'.",
        ),
        ("enum E { A }", "m: there is no model: give a type @model"),
        ("", "m: there is no model: give a type @model"),
        ("# type M @model { id: ID! }\n\n", "m: there is no model: give a type @model"),
        (
            f"{MODEL}\nscalar Money",
            "m:2: scalar type definition has no place here: AppSync knows no scalars but its own",
        ),
        (
            f"{MODEL}\ninput I {{ a: ID }}",
            "m:2: input object type definition has no place here: inputs are generated from the "
            "models",
        ),
        (
            f"{MODEL}\nextend type M {{ a: ID }}",
            "m:2: object type extension has no place here: a models' file has types, enums, "
            "interfaces, unions",
        ),
        (f"{MODEL}\n{MODEL}", "m:2: M is defined in line 1 already"),
        (f"{MODEL} {MODEL}", "m:1: M is defined in line 1 already"),
        (
            f"{MODEL}\n{MODEL.replace('M', 'm', 1).replace('m', 'Mm', 1)}\n"
            "type MM @model { id: ID! }",
            "m:3: the models Mm and MM differ only in case",
        ),
        (
            "type My_Model @model { id: ID! }",
            "m:1: the model My_Model is not named [A-Z][A-Za-z0-9]*: its name is a part of logical "
            "ids, which CloudFormation wants alphanumeric",
        ),
        (
            "type model @model { id: ID! }",
            "m:1: the model model is not named [A-Z][A-Za-z0-9]*: its name is a part of logical "
            "ids, which CloudFormation wants alphanumeric",
        ),
        (
            f"type {LONG} @model {{ id: ID! }}",
            f"m:1: the model {LONG} has 43 characters, and at most 42 fit: onUpdate{LONG} would be "
            "longer than the 50 that AppSync takes",
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
            "type M @model { id: ID!\nversion: Int }",
            "m:2: M.version is generated on every model: leave it out",
        ),
        (
            "type M @model { id: ID!\n_change: ID }",
            "m:2: M._change is generated on every model: leave it out",
        ),
        (
            "type M @model { id: ID!\n_was: ID }",
            "m:2: M._was is generated on every model: leave it out",
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
        (
            "type M @model { id: ID!\na(b: ID): ID }",
            "m:2: M.a has arguments: a stored field takes none, since nothing reads them",
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
            f"{MODEL} type O @model {{ id: ID!\nm: [M!] }}",
            "m:2: O.m is the model M: an item cannot hold an item of another table, only its key",
        ),
        (
            "type M implements I @model { id: ID! }",
            "m:1: M implements I, which is not an interface of this file",
        ),
        (
            f"{MODEL} union U = N",
            "m:1: U has the member N, which is not a type of this file, or is a model",
        ),
        (
            f"{MODEL} union U = M",
            "m:1: U has the member M, which is not a type of this file, or is a model",
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
            "type M @model @auth { id: ID! }",
            "m:1: M has @auth, and the directives are @model, @key, @index, @ttl",
        ),
        (
            "type M @model { id: ID! @key }",
            "m:1: M.id has @key, which is for a model",
        ),
        (
            f'{MODEL} type N @key(fields: ["a"]) {{ a: ID }}',
            "m:1: N has @key, which is for a model",
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
            "type M @model(onChange: 1) { id: ID! }",
            "m:1: M has @model(onChange:) that is not true or false",
        ),
        *[
            (
                f"type M @model @key{arguments} {{ id: ID! }}",
                "m:1: M has @key without the names of one or two fields: "
                '@key(fields: ["customer", "orderNumber"])',
            )
            for arguments in ("", "(fields: [])", '(fields: ["a", "b", "c"])', "(fields: [1])")
        ],
        (
            "type M @model { name: String }",
            "m:1: M has no key: give it a field id: ID!, or add @key(fields: ...)",
        ),
        (
            'type M @model @key(fields: ["a"]) { id: ID! }',
            "m:1: M has a in its key, but no field of that name",
        ),
        ('type M @model @key(fields: ["a", "a"]) { a: ID! }', "m:1: M has a in its key twice"),
        ("type M @model { id: ID }", "m:1: M.id is in the key and may be null: make it ID!"),
        (
            "type M @model { id: [ID!]! }",
            "m:1: M.id is [ID!]!, and a key's field is one text or number, no other type",
        ),
        (
            "type M @model { id: Boolean! }",
            "m:1: M.id is Boolean!, and a key's field is one text or number, no other type",
        ),
        (
            "type M @model { id: E! } enum E { A }",
            "m:1: M.id is E!, and a key's field is one text or number, no other type",
        ),
        (
            f'type M @model @key(fields: ["{"a" * 256}"]) {{ {"a" * 256}: ID! }}',
            f"m:1: M.{'a' * 256} has 256 characters, and DynamoDB takes 255 in a key",
        ),
        (
            'type M @model @key(fields: ["a", "limit"]) { a: ID!, limit: Int! }',
            "m:1: the key of M has limit, which listM has as an argument already: rename the field",
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
            f"{MODEL}\ntype MConnection {{ a: ID }}",
            "m:2: MConnection is the name of a generated type: it would be there twice, which M "
            "needs; rename one",
        ),
        (
            "type M @model { id: ID! }\nenum IDFilterInput { A }",
            "m:2: IDFilterInput is the name of a generated type: it would be there twice; "
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
    assert diagnostics("type m @model { id: ID! }\ntype Change { a: Date }") == [
        "m:1: the model m is not named [A-Z][A-Za-z0-9]*: its name is a part of logical ids, which "
        "CloudFormation wants alphanumeric",
        "m:2: Change is the name of a type that every schema has: choose another",
        "m:2: Change.a is Date, which is neither a type of this file nor a scalar of AppSync: "
        f"those are {SCALARS}",
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
        "m:5: warning: no model uses E",
    ]
