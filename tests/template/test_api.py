"""The API: its modes, its logs, and a resolver for every field of the schema that needs one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse
from graphql.language import DocumentNode, ObjectTypeDefinitionNode

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.environment import entry

from .evaluate import evaluate
from .reading import Node, load, loops, with_models, written_for

MODELS = [f"MODELS_{number}" for number in range(1, 41)]
CODE_LIMIT_BYTES = 32 * 1024  # https://docs.aws.amazon.com/general/latest/gr/appsync.html


@pytest.fixture(scope="module")
def schema(root: Path) -> DocumentNode:
    return parse((root / "graphql" / "schema.graphql").read_text())


def fields(schema: DocumentNode, type_name: str) -> list[str]:
    [definition] = [
        node
        for node in schema.definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value == type_name
    ]
    return [field.name.value for field in definition.fields or ()]


def test_every_query_mutation_and_subscription_has_its_resolver(
    template: Node, schema: DocumentNode
) -> None:
    resolvers = evaluate(template).of_type("AWS::AppSync::Resolver").values()
    resolved = sorted((resolver["TypeName"], resolver["FieldName"]) for resolver in resolvers)
    assert resolved == sorted(
        (type_name, field)
        for type_name in ("Query", "Mutation", "Subscription")
        for field in fields(schema, type_name)
    )


def test_every_resolver_is_a_unit_of_javascript_from_the_file_of_its_operation(
    template: Node, root: Path
) -> None:
    stack = evaluate(template)
    files = {
        **{each: each for each in ("get", "list", "create", "update", "delete")},
        **{f"publish{kind}": "publish" for kind in ("Create", "Update", "Delete")},
        **{f"on{kind}": "subscribe" for kind in ("Create", "Update", "Delete")},
    }
    types = {"get": "Query", "list": "Query", "subscribe": "Subscription"}
    for name, resolver in stack.of_type("AWS::AppSync::Resolver").items():
        file = files[resolver["FieldName"].removesuffix("ItemsModel")]
        is_local = file in ("publish", "subscribe")
        assert {key: value for key, value in resolver.items() if key != "FieldName"} == {
            "ApiId": "${Api.ApiId}",
            "TypeName": types.get(file, "Mutation"),
            "DataSourceName": "${LocalSource.Name}" if is_local else "${ItemsModelDataSource.Name}",
            "Kind": "UNIT",
            "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
            "CodeS3Location": f"graphql/resolvers/{file}.js",
        }
        # A resolver needs the field that it resolves.
        assert stack.resources[name]["DependsOn"] == "Schema"
        assert 0 < (root / resolver["CodeS3Location"]).stat().st_size <= CODE_LIMIT_BYTES


def test_no_path_to_upload_holds_the_loops_variable(template: Node) -> None:
    # The SAM CLI would write it into mappings that are fixed when the template is packaged.
    made = {name: each for *_, body in loops(template) for name, each in body.items()}
    paths = [each["Properties"]["CodeS3Location"] for name, each in made.items() if "Get" in name]
    assert paths == ["graphql/resolvers/get.js"]
    for name, each in made.items():
        assert "$" not in each.get("Properties", {}).get("CodeS3Location", ""), name


def test_data_sources_are_one_for_each_table_and_one_for_none(template: Node) -> None:
    stack = evaluate(with_models(template, "ItemsModel", "Order"))
    sources = stack.of_type("AWS::AppSync::DataSource")
    assert {
        name: (source["Name"], source["Type"], source.get("ServiceRoleArn"))
        for name, source in sources.items()
    } == {
        "ItemsModelDataSource": ("ItemsModel", "AMAZON_DYNAMODB", "${DataSourceRole.Arn}"),
        "OrderDataSource": ("Order", "AMAZON_DYNAMODB", "${DataSourceRole.Arn}"),
        "LocalSource": ("local", "NONE", None),
    }


def test_the_api_takes_a_key_or_iam_and_knows_its_region_and_its_relay(
    root: Path, template: Node
) -> None:
    [api] = evaluate(template, region="ap-southeast-2").of_type("AWS::AppSync::GraphQLApi").values()
    [model] = compile_models((root / "graphql" / "models.graphql").read_text()).models
    assert api == {
        "Name": "antipode",
        "ApiType": "GRAPHQL",
        "Visibility": "GLOBAL",
        "AuthenticationType": "API_KEY",
        "AdditionalAuthenticationProviders": [{"AuthenticationType": "AWS_IAM"}],
        "EnvironmentVariables": {
            "REGION": "ap-southeast-2",
            "LOG_CHANGES": "false",
            "AUTHORIZER_PERMISSION": "none",
            "RELAY_ROLE_ID": "${RelayRole.RoleId}",
            "TABLE_PREFIX": "antipode-",
            **dict.fromkeys(MODELS, ";"),
            "MODELS_1": f";{entry(model)}",
        },
        "LogConfig": {
            "CloudWatchLogsRoleArn": "${ApiLogRole.Arn}",
            "FieldLogLevel": "ERROR",
            "ExcludeVerboseContent": True,
        },
        "IntrospectionConfig": "DISABLED",
        "QueryDepthLimit": "20",
        "ResolverCountLimit": "50",
    }


def test_what_resolvers_log_is_kept_where_each_change_is_to_be_logged(template: Node) -> None:
    api = evaluate(template, parameters={"LogChanges": "true"}).resources["Api"]["Properties"]
    assert api["LogConfig"]["FieldLogLevel"] == "INFO"
    assert api["LogConfig"]["ExcludeVerboseContent"] is True
    assert api["EnvironmentVariables"]["LOG_CHANGES"] == "true"


def test_the_resolvers_know_the_models_from_as_many_variables_as_that_takes(
    template_text: str,
) -> None:
    source = " ".join(
        f"type M{number} @model {{ id: ID!, {'f' * 200}: String! }}" for number in range(4)
    )
    stack = evaluate(load(written_for(template_text, source)))
    [api] = stack.of_type("AWS::AppSync::GraphQLApi").values()
    values = [api["EnvironmentVariables"][name] for name in MODELS]
    assert all(value.startswith(";") and len(value) <= 512 for value in values)
    joined = "".join(value.removeprefix(";") for value in values)
    assert joined == ";".join(entry(model) for model in compile_models(source).models)
    assert values[3:] == [";"] * 37


def test_every_resolver_that_asks_for_models_reads_every_variable(root: Path) -> None:
    for path in (root / "graphql" / "resolvers").glob("*.js"):
        code = path.read_text()
        read = [len(re.findall(rf"\b{name}\b", code)) for name in MODELS]
        assert set(read) in ({0}, {max(read)}), path.name


def test_the_api_key_has_no_expiry_of_its_own_unless_one_is_given(template: Node) -> None:
    [key] = evaluate(template).of_type("AWS::AppSync::ApiKey").values()
    assert key == {"ApiId": "${Api.ApiId}", "Description": "Clients of antipode"}

    stack = evaluate(template, parameters={"ApiKeyExpires": "1795000000"})
    [key] = stack.of_type("AWS::AppSync::ApiKey").values()
    assert key["Expires"] == "1795000000"


def test_another_generation_of_the_key_is_another_resource_and_like_the_first(
    template: Node,
) -> None:
    first, second = (
        evaluate(template, parameters={"ApiKeyGeneration": generation}) for generation in ("1", "2")
    )
    assert list(first.of_type("AWS::AppSync::ApiKey")) == ["ApiKey"]
    assert list(second.of_type("AWS::AppSync::ApiKey")) == ["ApiKey2"]
    assert first.resources["ApiKey"]["Properties"] == second.resources["ApiKey2"]["Properties"]
    assert [stack.outputs["ApiKey"]["Value"] for stack in (first, second)] == [
        "${ApiKey.ApiKey}",
        "${ApiKey2.ApiKey}",
    ]
