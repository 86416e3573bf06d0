"""Resolvers and the fields that the schema has."""

from __future__ import annotations

import pytest

from antipode_tools.world.deployment.expansion import Template, TemplateRefused
from antipode_tools.world.deployment.resolver_check import check_resolvers

API = {"Fn::GetAtt": ["Api", "ApiId"]}
OTHER = {"Fn::GetAtt": ["Other", "ApiId"]}
SDL = "type Query { item: Int } type Item { id: ID }"


def template(*resolvers: tuple[str, str], api: object = API, sdl: str = SDL) -> Template:
    return {
        "Resources": {
            "Schema": {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {"ApiId": API, "Definition": sdl},
            },
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        }
        | {
            f"{type_name}{field}": {
                "Type": "AWS::AppSync::Resolver",
                "Properties": {"ApiId": api, "TypeName": type_name, "FieldName": field},
            }
            for type_name, field in resolvers
        }
    }


def test_resolvers_of_fields_that_are_there_pass() -> None:
    check_resolvers(template(("Query", "item"), ("Item", "id")))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (("Query", "items"), "resolver Query.items: No field named items found on type Query"),
        (("Thing", "id"), "resolver Thing.id: Type Thing not found in the schema"),
    ],
)
def test_a_resolver_without_its_field_is_refused_with_both_names(
    key: tuple[str, str], message: str
) -> None:
    with pytest.raises(TemplateRefused) as refused:
        check_resolvers(template(("Query", "item"), key))
    assert str(refused.value) == message


def test_a_schema_that_does_not_parse_is_refused() -> None:
    with pytest.raises(TemplateRefused, match=r"^the schema does not parse: Syntax Error: "):
        check_resolvers(template(sdl="type Query {"))


def test_a_resolver_is_held_against_the_schema_of_its_own_api() -> None:
    check_resolvers(template(("Query", "elsewhere"), api=OTHER))
