"""Models' files of the kinds that real applications have: each compiles to what is GraphQL."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLObjectType,
    build_schema,
    get_named_type,
    parse,
    validate,
    validate_schema,
)

from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from localaws.appsync import ports
from localaws.appsync import schema as appsync
from tests.unit.antipode_tools.schema.cases import CASES, case

APPSYNC = (project_root() / "graphql" / "appsync.graphql").read_text()

OF_ONE_REGION = {
    "weather": [
        "Subscription.onSound hears of sound in the Region that is asked for it and in no other"
    ]
}


@pytest.mark.parametrize("name", CASES)
def test_the_schema_of_each_case_is_graphql_and_so_is_each_of_its_statements(name: str) -> None:
    compiled = compile_models(case(name))
    schema = build_schema(f"{APPSYNC}\n{compiled.schema}")
    assert validate_schema(schema) == []
    assert validate(schema, parse(compiled.operations)) == []


@pytest.mark.parametrize("name", CASES)
def test_appsync_takes_the_schema_of_each_case(name: str) -> None:
    compiled = compile_models(case(name))
    appsync.build_schema(compiled.schema, ports.AuthMode.API_KEY, only_mode=False)


@pytest.mark.parametrize("name", CASES)
def test_no_case_is_told_of_but_for_its_dialect_and_for_what_is_of_one_region(name: str) -> None:
    warnings = [each.message for each in compile_models(case(name)).warnings]
    told = [each.partition(":")[0] for each in warnings if "first transformer" not in each]
    assert told == OF_ONE_REGION.get(name, [])


def test_the_many_to_many_of_a_case_has_a_model_of_its_own_between() -> None:
    compiled = compile_models(case("store"))
    schema = appsync.build_schema(compiled.schema, ports.AuthMode.API_KEY, only_mode=False)
    types = schema.executable.type_map
    between = types["ArticleTags"]
    assert isinstance(between, GraphQLObjectType)
    assert [
        (field, str(get_named_type(its.type))) for field, its in list(between.fields.items())[:5]
    ] == [
        ("id", "ID"),
        ("articleId", "ID"),
        ("tagId", "ID"),
        ("article", "Article"),
        ("tag", "Tag"),
    ]


def test_what_is_deprecated_says_so_in_a_comment() -> None:
    assert "  # Deprecated: read html\n  json: AWSJSON\n" in compile_models(case("store")).schema
