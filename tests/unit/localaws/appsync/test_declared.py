"""What a stack declares of an API, from its template and its resources."""

from __future__ import annotations

from typing import Any

import pytest

from localaws.appsync.declared import Declared, declared_in

FUNCTION = "AWS::AppSync::FunctionConfiguration"


def listed(logical_id: str, physical_id: str, type: str) -> Any:
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id,
        "ResourceType": type,
    }


def function_arn(api_id: str) -> str:
    return f"arn:aws:appsync:eu-west-1:000000000000:apis/{api_id}/functions/f1"


def declared(properties: Any, *resources: Any) -> Declared:
    template = {
        "Resources": {
            "None": {"Type": "AWS::AppSync::DataSource", "Properties": {"Name": "none"}},
            "Member": {"Type": FUNCTION, "Properties": properties},
        }
    }
    return declared_in(template, list(resources), "api1")


@pytest.mark.parametrize(
    "source", ["none", {"Fn::GetAtt": ["None", "Name"]}, {"Fn::GetAtt": "None.Name"}]
)
def test_a_function_is_described_as_the_control_plane_would(source: Any) -> None:
    properties = {
        "Name": "member",
        "DataSourceName": source,
        "Code": "code",
        "MaxBatchSize": "7",
    }
    assert declared(properties, listed("Member", function_arn("api1"), FUNCTION)) == Declared(
        {"f1": {"name": "member", "dataSourceName": "none", "code": "code", "maxBatchSize": 7}}
    )


def test_code_that_many_share_stands_in_the_metadata_once() -> None:
    found = declared_in({"Metadata": {"Code": {"get.js": "code"}}}, [], "api1")
    assert found == Declared(code={"get.js": "code"})
    assert found.whole({"typeName": "Query", "code": "get.js"}) == {
        "typeName": "Query",
        "code": "code",
    }
    for described in ({"code": "of its own"}, {"kind": "UNIT"}):
        assert found.whole(described) == described


def test_what_is_another_apis_is_left_out() -> None:
    assert (
        declared(
            {},
            listed("Member", function_arn("api10"), FUNCTION),
            listed("Get", "api10/Query/get", "AWS::AppSync::Resolver"),
            listed("Table", "items", "AWS::DynamoDB::Table"),
        )
        == Declared()
    )


def test_resolvers_are_known_by_type_and_field() -> None:
    assert declared({}, listed("Get", "api1/Query/get", "AWS::AppSync::Resolver")) == Declared(
        resolvers=(("Query", "get"),)
    )


def test_a_template_that_is_not_json_declares_no_function() -> None:
    resources = [listed("Get", "api1/Query/get", "AWS::AppSync::Resolver")]
    assert declared_in("Resources:", resources, "api1") == Declared(resolvers=(("Query", "get"),))
