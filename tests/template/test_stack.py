"""The stack as a whole: parameters, outputs, logs, names, and what AWS's quotas leave room for."""

from __future__ import annotations

import copy
import json
import re

import pytest
from samcli.lib.cfn_language_extensions import (  # type: ignore[import-untyped] # it has no types
    PseudoParameterValues,
    TemplateProcessingContext,
    create_default_pipeline,
)

from .evaluate import REFERENCE, evaluate
from .reading import Node, load, loops, walk, with_models, written_for

# What a model with three of indexes and relations takes of the 500 of a stack.
RESOURCES_A_MODEL = 17
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_RESOURCES, MAX_OUTPUTS, MAX_PARAMETERS, MAX_TEMPLATE_BYTES = 500, 200, 200, 1_000_000
MAX_MAPPING_ATTRIBUTES = 200


def test_every_parameter_is_described_and_used(template: Node) -> None:
    used = {
        name
        for section in ("Rules", "Conditions", "Resources", "Outputs")
        for node in walk(template[section])
        if isinstance(node, dict)
        for name in referred(node)
    }
    assert set(template["Parameters"]) <= used
    for name, parameter in template["Parameters"].items():
        assert parameter["Description"].endswith("."), name
        assert "Default" in parameter, name


def referred(node: Node) -> set[str]:
    """The names that one function refers to."""
    name = node.get("Ref")
    text = node.get("Fn::Sub")
    found = (
        {match.group(1) for match in REFERENCE.finditer(text)} if isinstance(text, str) else set()
    )
    return found | ({name} if isinstance(name, str) else set())


def test_every_condition_is_used(template: Node) -> None:
    used = {
        node["Fn::If"][0] for node in walk(template) if isinstance(node, dict) and "Fn::If" in node
    } | {
        node["Condition"]
        for node in walk(template)
        if isinstance(node, dict) and isinstance(node.get("Condition"), str)
    }
    assert set(template["Conditions"]) == used


def test_a_list_is_only_read_padded_and_a_look_up_always_has_a_default(template: Node) -> None:
    for node in walk(template):
        if not isinstance(node, dict):
            continue
        if "Fn::Select" in node:
            assert "Fn::Split" in node["Fn::Select"][1]
        if "Fn::FindInMap" in node:
            assert "DefaultValue" in node["Fn::FindInMap"][-1]


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2", "us-east-1"])
def test_outputs_are_named_for_use(template: Node, region: str) -> None:
    models = with_models(template, "ItemsModel", "Order")
    regions = {"Regions": "eu-west-1,ap-southeast-2,us-east-1"}
    stack = evaluate(models, region=region, parameters=regions)
    arn = f"arn:aws:dynamodb:{region}:111122223333:table/antipode-{{0}}"
    stream = f"{arn}/stream/${{{{Replicas.{{0}}}}}}"
    assert {name: output["Value"] for name, output in stack.outputs.items()} == {
        "GraphqlUrl": "${Api.GraphQLUrl}",
        "RealtimeUrl": "${Api.RealtimeUrl}",
        "ApiKey": "${ApiKey.ApiKey}",
        "ApiId": "${Api.ApiId}",
        "RelayFunctionName": "${RelayFunction}",
        "UndeliveredQueueUrl": "${UndeliveredQueue}",
        "OnFailureBucketName": "${OnFailureBucket}",
        "ItemsModelTableName": "antipode-ItemsModel",
        "ItemsModelStreamArn": stream.format("ItemsModel"),
        "OrderTableName": "antipode-Order",
        "OrderStreamArn": stream.format("Order"),
    }


def test_the_api_key_can_be_kept_out_of_the_outputs(template: Node) -> None:
    stack = evaluate(template, parameters={"ShowApiKey": "false"})
    assert "ApiKey" not in stack.outputs
    assert "ApiKey" in stack.resources


def test_every_function_and_the_api_log_to_a_group_of_the_stack_with_a_retention(
    template: Node,
) -> None:
    stack = evaluate(template, parameters={"LogRetentionDays": "7"})
    assert stack.of_type("AWS::Logs::LogGroup") == {
        "ApiLogGroup": {
            "LogGroupName": "/aws/appsync/apis/${Api.ApiId}",
            "RetentionInDays": "7",
        },
        "RelayLogGroup": {"RetentionInDays": "7"},
        "ReplicaLogGroup": {"RetentionInDays": "7"},
    }
    assert {
        name: function["LoggingConfig"]
        for name, function in stack.of_type("AWS::Serverless::Function").items()
    } == {
        "RelayFunction": {"LogGroup": "${RelayLogGroup}"},
        "ReplicaFunction": {"LogGroup": "${ReplicaLogGroup}"},
    }


def test_nothing_but_tables_and_the_apis_log_group_has_a_name_that_could_collide(
    template: Node,
) -> None:
    # Roles and buckets are global, and the stack's name is the same in every Region. The other
    # names are names within the stack's own API or roles.
    within = {
        # The API's need not be unique: its id is.
        "AWS::AppSync::GraphQLApi",
        "AWS::AppSync::DataSource",
        "AWS::IAM::RolePolicy",
    }
    named = {
        (resource["Type"], key)
        for resource in evaluate(template).resources.values()
        if resource["Type"] not in within
        for key in resource.get("Properties", {})
        if key == "Name" or key.endswith("Name")
    }
    assert named == {
        ("AWS::DynamoDB::GlobalTable", "TableName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        # Whose these are is said, not how they are called.
        ("AWS::AppSync::Resolver", "TypeName"),
        ("AWS::AppSync::Resolver", "FieldName"),
        ("AWS::AppSync::Resolver", "DataSourceName"),
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
    }


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2"])
def test_twenty_five_rich_models_fit_into_a_stack(template_text: str, region: str) -> None:
    one, full = (
        processed(load(written_for(template_text, rich_models(count))), region) for count in (1, 25)
    )
    assert (len(full["Resources"]) - len(one["Resources"])) / 24 == RESOURCES_A_MODEL
    assert len(full["Resources"]) <= MAX_RESOURCES
    assert len(full["Outputs"]) <= MAX_OUTPUTS
    assert len(full["Parameters"]) <= MAX_PARAMETERS
    assert len(full["Mappings"]["Models"]) <= MAX_MAPPING_ATTRIBUTES
    assert len(json.dumps(full)) <= MAX_TEMPLATE_BYTES


def rich_models(count: int) -> str:
    """Models with a key of two fields, a time to live and three of indexes and relations, with
    names as long as they are in most schemas."""
    return "\n".join(
        f"""type {"M" * 16}{number} @model {{
          customer: ID! @primaryKey(sortKeyFields: ["orderNumber"])
          orderNumber: Int!
          status: String @index(name: "byStatus", sortKeyFields: ["until", "region"])
          region: ID! @index(name: "byRegion", sortKeyFields: ["createdAt"])
          until: AWSTimestamp @ttl
          parentId: ID
          parentNumber: Int
          parent: {"M" * 16}{number} @belongsTo(fields: ["parentId", "parentNumber"])
        }}"""
        for number in range(10, 10 + count)
    )


def processed(template: Node, region: str) -> Node:
    """The template with its loops unrolled, by the SAM CLI's own library, as it counts to AWS."""
    declared = template["Parameters"]
    context = TemplateProcessingContext(
        fragment=copy.deepcopy(template),
        parameter_values={name: str(each["Default"]) for name, each in declared.items()},
        pseudo_parameters=PseudoParameterValues(
            region=region, account_id="111122223333", stack_name="antipode"
        ),
    )
    return create_default_pipeline(context).process_template(context)


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2"])
def test_logical_ids_are_those_that_aws_allows(template: Node, region: str) -> None:
    stack = evaluate(with_models(template, "ItemsModel", "M" * 42), region=region)
    for name in [*stack.resources, *stack.outputs]:
        assert name.isalnum(), name
        assert len(name) <= 255, name


def test_resources_and_outputs_are_made_for_the_same_models(template: Node) -> None:
    first, *others = [models for _, models, _ in loops(template)]
    assert others == [first] * len(others)


def test_models_are_written_out_for_the_sam_cli_and_have_names_that_aws_takes(
    template: Node,
) -> None:
    for _, models, _ in loops(template):
        assert isinstance(models, list), "aws-sam-cli#9117: paths would be deployed as they are"
        for model in models:
            assert re.fullmatch(r"[A-Z][A-Za-z0-9]{0,41}", model), model


def test_language_extensions_come_before_sam(template: Node) -> None:
    assert template["Transform"] == ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]
