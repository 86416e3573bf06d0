"""@index: a query of its own, and what it can go by."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from localaws.appsync import ports
from localaws.appsync.schema import build_schema

SOURCE = """type M @model %s {
  id: ID!
  state: State
  total: Float
  at: AWSTimestamp
  tags: [String]
  notes: AWSJSON
  paid: Boolean
  limit: Int
}
enum State { NEW OLD }"""
REST = "filter: MFilterInput", "limit: Int", "nextToken: String"


def index(*fields: str, name: str = "byIt") -> str:
    listed = ", ".join(f'"{field}"' for field in fields)
    return f'@index(name: "{name}", fields: [{listed}])'


def built(directives: str, mode: AuthMode = AuthMode.API_KEY) -> GraphQLSchema:
    compiled = compile_models(SOURCE % directives, mode=mode)
    return build_schema(compiled.schema, ports.AuthMode(mode), only_mode=False).executable


def query(schema: GraphQLSchema, name: str = "listMByIt") -> list[str]:
    """The arguments of a query by an index, which returns a page."""
    assert schema.query_type
    field = schema.query_type.fields[name]
    assert str(field.type) == "MConnection"
    return [f"{argument}: {its.type}" for argument, its in field.args.items()]


@pytest.mark.parametrize(
    ("fields", "arguments"),
    [
        (["state"], ["state: State!"]),
        (["total", "id"], ["total: Float!", "id: StringKeyConditionInput"]),
        (["state", "createdAt"], ["state: State!", "createdAt: StringKeyConditionInput"]),
        (["updatedIn", "version"], ["updatedIn: String!", "version: IntKeyConditionInput"]),
        (["id", "state"], ["id: ID!", "state: StateKeyConditionInput"]),
        (["id", "at"], ["id: ID!", "at: TimestampKeyConditionInput"]),
        (["id", "total"], ["id: ID!", "total: FloatKeyConditionInput"]),
    ],
)
def test_an_index_is_listed_by_its_partition_and_its_order(
    fields: list[str], arguments: list[str]
) -> None:
    order = ["sortDirection: SortDirection"] if len(fields) > 1 else []
    assert query(built(index(*fields))) == [*arguments, *order, *REST]


def test_an_enum_is_compared_with_one_value_alone() -> None:
    schema = compile_models(SOURCE % index("id", "state")).schema
    assert "input StateKeyConditionInput {\n  eq: State\n}\n" in schema


def test_a_model_has_as_many_queries_as_indexes() -> None:
    schema = built(f"{index('state')} {index('total', 'at', name='byTotal')}")
    assert schema.query_type
    assert list(schema.query_type.fields) == ["getM", "listM", "listMByIt", "listMByTotal"]


def test_in_an_index_by_owner_nobody_chooses_the_owner() -> None:
    schema = built(
        f'(owner: "who") {index("who", "createdAt")} {index("who", name="mine")}',
        AuthMode.AWS_LAMBDA,
    )
    order = ["createdAt: StringKeyConditionInput", "sortDirection: SortDirection"]
    assert query(schema) == [*order, *REST]
    assert query(schema, "listMMine") == [*REST]


def test_a_query_by_an_index_is_granted_as_any_other_of_its_model() -> None:
    fields = compile_models(SOURCE % index("state")).fields
    assert '"Query.listMByIt": "M:read"' in fields


OTHER_TYPE = "an index goes by one text, number or value of an enum, and by no other type"
BAD_NAME = (
    "m:1: M has @index without a name of a small letter and at least two more letters or digits: "
    '@index(name: "byStatus", fields: ["status"])'
)
BAD_FIELDS = (
    "m:1: M has @index without the names of one or two fields: "
    '@index(name: "byStatus", fields: ["status", "createdAt"])'
)


@pytest.mark.parametrize(
    ("directives", "problem"),
    [
        ('@index(fields: ["state"])', BAD_NAME),
        (index("state", name="ByState"), BAD_NAME),
        (index("state", name="by"), BAD_NAME),
        (index("state", name="by-state"), BAD_NAME),
        (index("state", name="b" * 201), BAD_NAME),
        ('@index(name: 7, fields: ["state"])', BAD_NAME),
        ('@index(name: "byIt")', BAD_FIELDS),
        ('@index(name: "byIt", fields: "state")', BAD_FIELDS),
        (index(), BAD_FIELDS),
        (index("id", "state", "at"), BAD_FIELDS),
        (
            '@index(name: "byIt", fields: ["id"], sort: "at")',
            "m:1: M has @index with sort, which it does not take",
        ),
        (index("state", "state"), "m:1: M's index byIt has state twice"),
        (index("gone"), "m:1: M's index byIt has gone, and there is no field of that name"),
        (
            index("_change"),
            "m:1: M's index byIt has _change, and there is no field of that name",
        ),
        (index("tags"), f"m:1: M's index byIt has tags, which is [String]: {OTHER_TYPE}"),
        (index("notes"), f"m:1: M's index byIt has notes, which is AWSJSON: {OTHER_TYPE}"),
        (index("id", "paid"), f"m:1: M's index byIt has paid, which is Boolean: {OTHER_TYPE}"),
        (
            index("limit"),
            "m:1: M's index byIt has limit, which listMByIt has as an argument already: rename "
            "the field",
        ),
        (
            '(owner: "who") ' + index("state", "who"),
            "m:1: M's index byIt has the owner in the second place, where a caller would choose "
            "it: let it stand first, or leave it out",
        ),
        (
            f"{index('state')} {index('at')}",
            "m:1: M's index byIt needs the query listMByIt, which is there already: choose another "
            "name",
        ),
        (
            " ".join(index("state", name=f"by{number}") for number in range(100, 121)),
            "m:1: M has 21 indexes, and DynamoDB takes 20 of a table",
        ),
    ],
)
def test_what_an_index_cannot_be_is_refused_with_its_line(directives: str, problem: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(SOURCE % directives, mode=AuthMode.AWS_LAMBDA)
    assert [each.located("m") for each in raised.value.diagnostics] == [problem]


def test_a_query_that_another_model_has_is_refused() -> None:
    models = "type MByIt @model { id: ID! }\n" + SOURCE % index("state")
    with pytest.raises(Refused) as raised:
        compile_models(models)
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:2: M's index byIt needs the query listMByIt, which is there already: choose another name"
    ]


def test_the_longest_name_fits_a_logical_id() -> None:
    source = (SOURCE % index("state", name="b" * 200)).replace("type M ", f"type {'M' * 42} ")
    [model] = compile_models(source).models
    assert len(f"{model.indexes[0].query}Resolver") <= 255


def test_an_index_is_for_a_model() -> None:
    models = f"type M @model {{ id: ID!, n: N }}\ntype N {index('id')} {{ id: ID! }}"
    with pytest.raises(Refused) as raised:
        compile_models(models)
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:2: N has @index, which is for a model"
    ]


ONE, TWO, THREE = index("state"), index("at", name="byAt"), index("total", name="byTotal")
ONE_BY_ONE = (
    "AWS makes or drops one index of a table in a deployment, so deploy one after the other"
)


@pytest.mark.parametrize(
    ("before", "now", "warnings"),
    [
        (ONE, ONE, []),
        ("", ONE, []),
        (f"{ONE} {TWO}", f"{TWO} {ONE}", []),
        (ONE, "", ["listMByIt is gone: clients that call it are refused"]),
        ("", f"{ONE} {TWO}", [f"M gains or loses the indexes byAt and byIt: {ONE_BY_ONE}"]),
        (
            f"{ONE} {TWO}",
            f"{TWO} {THREE}",
            [
                f"M gains or loses the indexes byIt and byTotal: {ONE_BY_ONE}",
                "listMByIt is gone: clients that call it are refused",
            ],
        ),
    ],
)
def test_indexes_that_come_and_go_are_warned_of(before: str, now: str, warnings: list[str]) -> None:
    found = compile_models(SOURCE % now, SOURCE % before).warnings
    assert [each.located("m") for each in found] == [f"m:1: warning: {each}" for each in warnings]


def test_a_new_model_may_have_many_indexes() -> None:
    before = "type Other @model { id: ID! }"
    now = f"{before}\n" + SOURCE % f"{ONE} {TWO} {THREE}"
    assert compile_models(now, before).warnings == ()


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (index("total"), "total: Float"),
        (index("state", "at"), "state: State, at: AWSTimestamp"),
    ],
)
def test_a_changed_key_of_an_index_is_refused(now: str, shown: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(SOURCE % now, SOURCE % ONE)
    assert [each.located("m") for each in raised.value.diagnostics] == [
        f"m:1: M's index byIt had the key state: State and has {shown}: an index's key cannot "
        "change. Add an index of another name, and remove this one in a deployment after"
    ]
