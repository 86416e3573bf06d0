"""@index: a query of its own, and what it can go by."""

from __future__ import annotations

import pytest
from graphql import GraphQLSchema

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from localaws.appsync import ports
from localaws.appsync.schema import build_schema

SOURCE = """type M @model%s {
  id: ID! %s
  state: State %s
  total: Float
  at: AWSTimestamp
  country: String
  tags: [String]
  notes: AWSJSON
  paid: Boolean
  limit: Int
}
enum State { NEW OLD }"""
REST = "filter: ModelMFilterInput", "limit: Int", "nextToken: String"
QUERY = "mSByIt"


def index(*sorts: str, name: str = "byIt", query: str | None = QUERY) -> str:
    listed = ", ".join(f'"{field}"' for field in sorts)
    asked = "null" if query is None else f'"{query}"'
    return f'@index(name: "{name}", sortKeyFields: [{listed}], queryField: {asked})'


def source(on_state: str = "", on_id: str = "", model: str = "") -> str:
    return SOURCE % (model, on_id, on_state)


def built(text: str, mode: AuthMode = AuthMode.API_KEY) -> GraphQLSchema:
    compiled = compile_models(text, modes=[mode])
    return build_schema(compiled.schema, ports.AuthMode(mode), only_mode=False).executable


def query(schema: GraphQLSchema, name: str = QUERY) -> list[str]:
    """The arguments of a query by an index, which returns a page."""
    assert schema.query_type
    field = schema.query_type.fields[name]
    assert str(field.type) == "ModelMConnection"
    return [f"{argument}: {its.type}" for argument, its in field.args.items()]


ORDER = "sortDirection: ModelSortDirection"


@pytest.mark.parametrize(
    ("sorts", "arguments"),
    [
        ([], ["state: State!"]),
        (["id"], ["state: State!", "id: ModelIDKeyConditionInput"]),
        (["total"], ["state: State!", "total: ModelFloatKeyConditionInput"]),
        (["at"], ["state: State!", "at: ModelIntKeyConditionInput"]),
        (["createdAt"], ["state: State!", "createdAt: ModelStringKeyConditionInput"]),
        (["version"], ["state: State!", "version: ModelIntKeyConditionInput"]),
        (["updatedIn"], ["state: State!", "updatedIn: ModelStringKeyConditionInput"]),
        (
            ["country", "total"],
            ["state: State!", "countryTotal: ModelMByItCompositeKeyConditionInput"],
        ),
        (
            ["country", "total", "id"],
            ["state: State!", "countryTotalId: ModelMByItCompositeKeyConditionInput"],
        ),
    ],
)
def test_an_index_is_listed_by_its_partition_and_its_order(
    sorts: list[str], arguments: list[str]
) -> None:
    assert query(built(source(index(*sorts)))) == [*arguments, ORDER, *REST]


@pytest.mark.parametrize("name", ["by-it", "byIt", "by.it"])
def test_several_fields_are_conditioned_as_one_with_each_by_its_type(name: str) -> None:
    schema = compile_models(source(index("country", "total", name=name))).schema
    kind = "ModelMByItCompositeKeyInput"
    assert f"input {kind} {{\n  country: String\n  total: Float\n}}\n" in schema
    lines = [f"  {name}: {kind}" for name in ("eq", "le", "lt", "ge", "gt")]
    lines += [f"  between: [{kind}]", f"  beginsWith: {kind}"]
    written = "\n".join(["input ModelMByItCompositeKeyConditionInput {", *lines, "}\n"])
    assert written in schema


def test_an_enum_sorts_as_the_text_that_it_is() -> None:
    assert query(built(source(on_id=index("state")))) == [
        "id: ID!",
        "state: ModelStringKeyConditionInput",
        ORDER,
        *REST,
    ]


@pytest.mark.parametrize(
    ("directive", "name", "asked"),
    [
        ("@index", "mSByState", "mSByState"),
        ('@index(name: "byIt")', "byIt", "mSByState"),
        ('@index(sortKeyFields: ["at"])', "mSByStateAndAt", "mSByStateAndAt"),
        ('@index(sortKeyFields: "at")', "mSByStateAndAt", "mSByStateAndAt"),
        ('@index(sortKeyFields: ["at", "id"])', "mSByStateAndAtAndId", "mSByStateAndAtAndId"),
        ('@index(name: "byIt", queryField: "these")', "byIt", "these"),
        ('@index(name: "ByIt.1-2_3", queryField: null)', "ByIt.1-2_3", None),
    ],
)
def test_what_is_not_named_has_amplifys_name(directive: str, name: str, asked: str | None) -> None:
    [model] = compile_models(source(directive)).models
    assert [(each.name, each.query) for each in model.indexes] == [(name, asked)]


def test_a_model_has_as_many_queries_as_indexes_that_want_one() -> None:
    by_total = index("total", "at", name="byTotal", query="theirs")
    schema = built(source(f"{index()} {by_total}"))
    assert schema.query_type
    assert list(schema.query_type.fields) == ["getM", "listMS", QUERY, "theirs"]
    silent = built(source(index(query=None)))
    assert silent.query_type
    assert list(silent.query_type.fields) == ["getM", "listMS"]


def test_a_query_by_an_index_is_granted_as_any_other_of_its_model() -> None:
    fields = compile_models(source(index())).fields
    assert f'"Query.{QUERY}": "M:read"' in fields


OTHER_TYPE = "an index goes by one text, number or value of an enum, and by no other type"
VALUE = "with a value that it does not take"
EXAMPLE = '@index(name: "byStatus", sortKeyFields: ["createdAt"], queryField: "todosByStatus")'
NAMED = "is not named as DynamoDB wants it: 3 to 255 letters, digits, _, - and ."


@pytest.mark.parametrize(
    ("directives", "problem"),
    [
        (index(name="by"), f"M's index by {NAMED}"),
        (index(name="by it"), f"M's index by it {NAMED}"),
        (index(name="b" * 256), f"M's index {'b' * 256} {NAMED}"),
        ("@index(name: 7)", f"M.state has @index(name:) {VALUE}: {EXAMPLE}"),
        ("@index(queryField: true)", f"M.state has @index(queryField:) {VALUE}: {EXAMPLE}"),
        ("@index(sortKeyFields: [7])", f"M.state has @index(sortKeyFields:) {VALUE}: {EXAMPLE}"),
        ('@index(sort: "at")', "M.state has @index with sort, which it does not take"),
        (index("state"), "M's index byIt has a field twice: state, state"),
        (index("gone"), "M's index byIt has gone, and there is no field of that name"),
        (index("_change"), "M's index byIt has _change, and there is no field of that name"),
        (index("tags"), f"M's index byIt has tags, which is [String]: {OTHER_TYPE}"),
        (index("notes"), f"M's index byIt has notes, which is AWSJSON: {OTHER_TYPE}"),
        (index("at", "paid"), f"M's index byIt has paid, which is Boolean: {OTHER_TYPE}"),
        (
            index("limit"),
            f"M's index byIt has limit, which {QUERY} has as an argument already: rename the field",
        ),
        (
            index("version", "at"),
            "M's index byIt sorts by several fields as one text, and version, which is stamped, is "
            "not known where the others are written: leave it out, or sort by it alone",
        ),
        (
            index("at", "createdAt"),
            "M's index byIt sorts by several fields as one text, and createdAt, which is stamped, "
            "is not known where the others are written: declare it as a field, or sort by it alone",
        ),
        (
            index(query="getM"),
            "M has the operation getM, which M has already: rename one, by @model(queries:, "
            "mutations:, subscriptions:) or by queryField",
        ),
    ],
)
def test_what_an_index_cannot_be_is_refused_with_its_line(directives: str, problem: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(source(directives))
    assert [each.located("m") for each in raised.value.diagnostics] == [f"m:3: {problem}"]


def test_two_indexes_of_one_name_and_more_than_dynamodb_takes_are_refused() -> None:
    with pytest.raises(Refused) as raised:
        compile_models(source(f"{index()} {index('at', query='other')}"))
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:3: M has two indexes byIt"
    ]
    many = " ".join(index(name=f"by{number}", query=None) for number in range(100, 121))
    with pytest.raises(Refused) as raised:
        compile_models(source(many))
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:1: M has 21 indexes, and DynamoDB takes 20 of a table"
    ]


def test_a_timestamp_that_is_declared_may_be_one_of_several() -> None:
    text = source(index("createdAt", "id")).replace("country", "createdAt: AWSDateTime country")
    assert query(built(text))[1] == "createdAtId: ModelMByItCompositeKeyConditionInput"


def test_an_index_is_for_a_field_of_a_model() -> None:
    models = "type M @model { id: ID!, part: P }\ntype P { id: ID! @index }"
    with pytest.raises(Refused) as raised:
        compile_models(models)
    assert [each.located("m") for each in raised.value.diagnostics] == [
        "m:2: P.id has @index, which is for a field of a model"
    ]


ONE, TWO, THREE = index(), index(name="byAt", query="two"), index(name="byTotal", query="three")
ONE_BY_ONE = (
    "AWS makes or drops one index of a table in a deployment, so deploy one after the other"
)
GONE = "is gone: clients that ask for it are refused"


@pytest.mark.parametrize(
    ("before", "now", "warnings"),
    [
        (ONE, ONE, []),
        ("", ONE, []),
        (f"{ONE} {TWO}", f"{TWO} {ONE}", []),
        (ONE, "", [f"{QUERY} {GONE}"]),
        (ONE, index(query="renamed"), [f"{QUERY} {GONE}"]),
        ("", f"{ONE} {TWO}", [f"M gains or loses the indexes byAt and byIt: {ONE_BY_ONE}"]),
        (
            f"{ONE} {TWO}",
            f"{TWO} {THREE}",
            [f"M gains or loses the indexes byIt and byTotal: {ONE_BY_ONE}", f"{QUERY} {GONE}"],
        ),
    ],
)
def test_indexes_that_come_and_go_are_warned_of(before: str, now: str, warnings: list[str]) -> None:
    found = compile_models(source(now), source(before)).warnings
    assert [each.located("m") for each in found] == [f"m:1: warning: {each}" for each in warnings]


def test_a_new_model_may_have_many_indexes() -> None:
    before = "type Other @model { id: ID! }"
    now = f"{before}\n{source(f'{ONE} {TWO} {THREE}')}"
    assert compile_models(now, before).warnings == ()


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (source(on_id=ONE), "id: ID"),
        (source(index("at")), "state: State, at: AWSTimestamp"),
        (source(index("at", "id")), "state: State, at: AWSTimestamp, id: ID"),
    ],
)
def test_a_changed_key_of_an_index_is_refused(now: str, shown: str) -> None:
    with pytest.raises(Refused) as raised:
        compile_models(now, source(ONE))
    assert [each.located("m") for each in raised.value.diagnostics] == [
        f"m:1: M's index byIt had the key state: State and has {shown}: an index's key cannot "
        "change. Add an index of another name, and remove this one in a deployment after"
    ]
