from __future__ import annotations

import copy
from typing import Any

import pytest

from antipode_tools.world.deployment.declared_tables import expiring_tables, wanted_replicas
from antipode_tools.world.deployment.expansion import Place, TemplateRefused
from antipode_tools.world.deployment.localise import localise
from localaws.dynamodb.expiry import ExpiringTable

Template = dict[str, Any]

PLACE = Place(
    region="eu-west-1",
    account="000000000000",
    stack="antipode",
    api={"GraphQLUrl": "http://127.0.0.1:4001/graphql", "RealtimeUrl": "ws://127.0.0.1:4001/x"},
)
FILES = {"../schema.graphql": "type Query { a: ID }", "../get.js": "export const a = `${Api.Arn}`"}


def localised(template: Template, **parameters: str) -> Template:
    return localise(template, place=PLACE, parameters=parameters, read=FILES.__getitem__)


def resources(**members: Any) -> Template:
    return {"Resources": members}


def resource(kind: str, **properties: Any) -> Template:
    return {"Type": kind, "Properties": properties}


QUEUE = resource("AWS::SQS::Queue")


def test_each_member_of_a_list_is_one_of_those_that_are_allowed() -> None:
    listed = {"Type": "CommaDelimitedList", "Default": "", "AllowedValues": ["", "A", "B"]}
    template = {"Parameters": {"Modes": listed}, **resources(Queue=QUEUE)}
    assert localised(template, Modes="A,B")["Parameters"] == {
        "Modes": {"Type": "CommaDelimitedList", "Default": ""}
    }
    with pytest.raises(TemplateRefused, match="Modes has 'C', which is not one of '', 'A', 'B'"):
        localised(template, Modes="A,C")


def test_a_loop_over_a_parameter_is_unrolled() -> None:
    template = {
        "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
        "Parameters": {"Models": {"Type": "CommaDelimitedList", "Default": "A"}},
        "Resources": {
            "Fn::ForEach::EachModel": [
                "Model",
                {"Ref": "Models"},
                {"${Model}Queue": resource("AWS::SQS::Queue", QueueName={"Fn::Sub": "q-${Model}"})},
            ]
        },
    }
    made = localised(template, Models="B,C")
    assert made["Transform"] == "AWS::Serverless-2016-10-31"
    assert made["Resources"] == {
        "BQueue": resource("AWS::SQS::Queue", QueueName="q-B"),
        "CQueue": resource("AWS::SQS::Queue", QueueName="q-C"),
    }


def test_conditions_are_worked_out_and_what_does_not_hold_is_left_out() -> None:
    template = {
        "Parameters": {"Home": {"Type": "String", "Default": "eu-west-1"}},
        "Conditions": {
            "IsHome": {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "Home"}]},
            "IsAway": {"Fn::Not": [{"Condition": "IsHome"}]},
        },
        "Resources": {
            "Here": QUEUE | {"Condition": "IsHome", "DependsOn": "There"},
            "There": QUEUE | {"Condition": "IsAway"},
            "Both": resource("AWS::SQS::Queue", QueueName={"Fn::If": ["IsHome", "a", "b"]})
            | {"DependsOn": ["Here", "There"]},
        },
        "Outputs": {
            "Home": {"Value": "yes", "Condition": "IsHome"},
            "Away": {"Value": "yes", "Condition": "IsAway"},
        },
    }
    made = localised(template)
    assert made["Resources"] == {
        "Here": QUEUE | {"DependsOn": []},
        "Both": resource("AWS::SQS::Queue", QueueName="a") | {"DependsOn": ["Here"]},
    }
    assert made["Outputs"] == {"Home": {"Value": "yes"}}
    assert "Conditions" not in made


def test_an_output_may_have_the_name_of_a_resource_that_is_left_out() -> None:
    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Key": QUEUE | {"Condition": "Never"}, "Queue": QUEUE},
        "Outputs": {"Key": {"Value": "x"}},
    }
    made = localised(template)
    assert (list(made["Resources"]), made["Outputs"]) == (["Queue"], {"Key": {"Value": "x"}})


def test_rules_and_parameters_stay_for_the_engine_to_check() -> None:
    rules = {"R": {"Assertions": [{"Assert": {"Fn::Contains": [["a"], {"Ref": "P"}]}}]}}
    parameters = {"P": {"Type": "String", "Default": "a"}}
    template = {"Rules": rules, "Parameters": parameters, "Resources": {"Queue": QUEUE}}
    made = localised(template)
    assert (made["Rules"], made["Parameters"]) == (rules, parameters)


@pytest.mark.parametrize(
    ("kind", "default", "text"),
    [("Number", 32, "32"), ("String", True, "true"), ("String", "x", "x")],
)
def test_a_parameters_value_is_text_whatever_its_type(kind: str, default: Any, text: str) -> None:
    template = {
        "Parameters": {"P": {"Type": kind, "Default": default}},
        "Resources": {"Queue": resource("AWS::SQS::Queue", QueueName={"Ref": "P"})},
    }
    assert localised(template)["Resources"]["Queue"]["Properties"] == {"QueueName": text}


def test_what_would_be_uploaded_to_s3_is_in_the_template() -> None:
    template = resources(
        Schema=resource("AWS::AppSync::GraphQLSchema", DefinitionS3Location="../schema.graphql"),
        Api=resource("AWS::AppSync::GraphQLApi"),
        Resolver=resource("AWS::AppSync::Resolver", CodeS3Location="../get.js", Kind="UNIT"),
    )
    whole = localised(template)
    made = whole["Resources"]
    assert made["Schema"]["Properties"] == {"Definition": "type Query { a: ID }"}
    name = made["Resolver"]["Properties"]["Code"]
    # By another name for another text: the engine updates a resolver whose properties changed.
    assert name.startswith("../get.js ")
    assert made["Resolver"]["Properties"] == {"Code": name, "Kind": "UNIT"}
    # Code is not looked into: what it says is not for CloudFormation.
    assert whole["Metadata"] == {"Code": {name: "export const a = `${Api.Arn}`"}}


def test_an_apis_addresses_are_those_of_this_machine() -> None:
    template = resources(
        Api=resource("AWS::AppSync::GraphQLApi"),
        Other=resource("AWS::Some::Other"),
        Function=resource(
            "AWS::Lambda::Function",
            List=[
                {"Fn::GetAtt": ["Api", "GraphQLUrl"]},
                {"Fn::GetAtt": "Api.RealtimeUrl"},
                {"Fn::GetAtt": ["Api", "Arn"]},
                {"Fn::GetAtt": ["Other", "GraphQLUrl"]},
                {"Fn::Sub": "at ${Api.GraphQLUrl}"},
                {"Fn::Sub": "${Api.GraphQLUrl} of ${Api.Arn}"},
            ],
        ),
    )
    assert localised(template)["Resources"]["Function"]["Properties"]["List"] == [
        "http://127.0.0.1:4001/graphql",
        "ws://127.0.0.1:4001/x",
        {"Fn::GetAtt": ["Api", "Arn"]},
        {"Fn::GetAtt": ["Other", "GraphQLUrl"]},
        "at http://127.0.0.1:4001/graphql",
        {"Fn::Sub": "http://127.0.0.1:4001/graphql of ${Api.Arn}"},
    ]


def test_a_reference_that_only_the_engine_can_resolve_stays_one() -> None:
    template = resources(
        Queue=QUEUE,
        Policy=resource(
            "AWS::SQS::QueuePolicy",
            Sub={"Fn::Sub": "${Queue.Arn}/${AWS::StackName}"},
            Ref={"Fn::Sub": "to ${Queue}"},
            Variable={"Fn::Sub": "${!aws:username}"},
        ),
    )
    assert localised(template)["Resources"]["Policy"]["Properties"] == {
        "Sub": {"Fn::Sub": "${Queue.Arn}/antipode"},
        "Ref": {"Fn::Sub": "to ${Queue}"},
        "Variable": "${aws:username}",
    }


@pytest.mark.parametrize(
    "spoiled",
    [
        {"Fn::Sub": ["${x}", {"x": {"Ref": "Queue"}}]},
        {"Fn::Join": [",", [{"Ref": "Queue"}, "other"]]},
    ],
)
def test_a_text_that_the_expansion_would_spoil_is_refused(spoiled: Template) -> None:
    template = resources(Queue=QUEUE, Policy=resource("AWS::SQS::QueuePolicy", Text=spoiled))
    with pytest.raises(
        TemplateRefused,
        match=r"^a reference to a resource in a text must be \$\{Name\} in Fn::Sub: ",
    ):
        localised(template)


def test_what_the_engine_names_by_the_stack_alone_is_named_by_the_region_too() -> None:
    template = resources(
        Relay=resource("AWS::Serverless::Function"),
        Plain=resource("AWS::Lambda::Function"),
        Role=resource("AWS::IAM::Role"),
    )
    assert [made["Properties"] for made in localised(template)["Resources"].values()] == [
        {"FunctionName": "antipode-Relay-eu-west-1"},
        {"FunctionName": "antipode-Plain-eu-west-1"},
        {"RoleName": "antipode-Role-eu-west-1"},
    ]


def test_a_roles_policy_is_of_the_type_that_the_engine_knows() -> None:
    template = resources(
        Role=resource("AWS::IAM::Role"),
        Policy=resource("AWS::IAM::RolePolicy", RoleName={"Ref": "Role"}, PolicyName="p"),
    )
    assert localised(template)["Resources"]["Policy"] == resource(
        "AWS::IAM::Policy", PolicyName="p", Roles=[{"Ref": "Role"}]
    )


@pytest.mark.parametrize(
    ("wanted", "enabled"),
    [
        ({}, True),
        ({"Enabled": True}, True),
        ({"Enabled": "true"}, True),
        ({"Enabled": "false"}, False),
    ],
)
def test_a_mapping_is_disabled_in_the_engine_and_remembers_what_was_wanted(
    wanted: dict[str, Any], enabled: bool
) -> None:
    template = resources(Mapping=resource("AWS::Lambda::EventSourceMapping", **wanted))
    assert localised(template)["Resources"]["Mapping"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"Enabled": False},
        "Metadata": {"Enabled": enabled},
    }


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::AppSync::DomainName",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
    ],
)
def test_resources_of_types_that_the_engine_does_not_know_are_left_out(kind: str) -> None:
    template = resources(Unknown=resource(kind), Queue=QUEUE | {"DependsOn": "Unknown"})
    assert localised(template)["Resources"] == {"Queue": QUEUE | {"DependsOn": []}}


def test_the_template_that_was_given_is_left_as_it_was() -> None:
    template = resources(
        Mapping=resource("AWS::Lambda::EventSourceMapping", Enabled=True),
        Policy=resource("AWS::IAM::RolePolicy", RoleName="r"),
        Relay=resource("AWS::Serverless::Function") | {"DependsOn": "Policy"},
    )
    before = copy.deepcopy(template)
    localised(template)
    assert template == before


def test_a_template_that_aws_would_refuse_is_refused() -> None:
    template = resources(Queue=QUEUE | {"Condition": "Missing"})
    with pytest.raises(TemplateRefused, match="non-existent condition 'Missing'"):
        localised(template)


def test_the_replicas_of_each_table_are_reported() -> None:
    table = resource(
        "AWS::DynamoDB::GlobalTable",
        TableName="antipode-A",
        Replicas=[{"Region": "eu-west-1"}, {"Region": "us-east-1"}],
    )
    assert wanted_replicas(resources(Table=table, Queue=QUEUE)) == {
        "antipode-A": ["eu-west-1", "us-east-1"]
    }


@pytest.mark.parametrize("enabled", [True, "true"])
def test_a_time_to_live_is_kept_from_the_engine_and_told(enabled: object) -> None:
    keys = [
        {"AttributeName": "customer", "KeyType": "HASH"},
        {"AttributeName": "number", "KeyType": "RANGE"},
    ]
    properties = {"TableName": "antipode-A", "KeySchema": keys}
    specification = {"AttributeName": "expiresAt", "Enabled": enabled}
    table = resource(
        "AWS::DynamoDB::GlobalTable", **properties, TimeToLiveSpecification=specification
    )
    template = localised(resources(Table=table, Queue=QUEUE))
    assert template["Resources"]["Table"]["Properties"] == properties
    assert expiring_tables(template) == [
        ExpiringTable("antipode-A", "expiresAt", ("customer", "number"))
    ]


def test_a_table_without_a_time_to_live_or_with_one_that_is_off_does_not_expire() -> None:
    off = resource("AWS::DynamoDB::GlobalTable", TimeToLiveSpecification={"Enabled": False})
    none = resource("AWS::DynamoDB::GlobalTable")
    assert expiring_tables(localised(resources(Off=off, None_=none))) == []


def test_a_layer_that_is_compiled_for_lambda_is_left_out() -> None:
    layers = [{"Ref": "SharedLayer"}, {"Ref": "AsymmetricLayer"}]
    template = resources(
        SharedLayer=resource("AWS::Serverless::LayerVersion"),
        AsymmetricLayer=resource("AWS::Serverless::LayerVersion"),
        Function=resource("AWS::Serverless::Function", Layers=layers),
    )
    made = localised(template)["Resources"]
    assert sorted(made) == ["Function", "SharedLayer"]
    assert made["Function"]["Properties"]["Layers"] == [{"Ref": "SharedLayer"}]


def test_an_alarm_by_metric_math_watches_the_first_metric_that_the_math_uses() -> None:
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Throttles", "Dimensions": []}
    alarm = resource(
        "AWS::CloudWatch::Alarm",
        Metrics=[
            {"Id": "held", "Expression": "IF(throttles > 0, 1, 0)"},
            {"Id": "throttles", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}},
        ],
        Threshold=0,
    )
    assert localised(resources(Alarm=alarm))["Resources"]["Alarm"] == resource(
        "AWS::CloudWatch::Alarm", Threshold=0, Statistic="Sum", Period=60, **metric
    )
