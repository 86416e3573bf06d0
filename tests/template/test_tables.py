"""Who owns the tables, where their replicas are, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .evaluate import TemplateError, evaluate
from .reading import Node, load, table_loops, with_models, written_for

SOURCE = """
type Order @model @key(fields: ["customer", "number"]) {
  customer: ID!
  number: Int!
  expiresAt: AWSTimestamp @ttl
}
type Plain @model { id: ID! }
type Session @model @key(fields: ["token"]) { token: ID!, until: AWSTimestamp @ttl }
type Line @model @key(fields: ["customer", "number"]) { customer: ID!, number: Int! }
type Other @model { id: ID! }
"""

FIVE = ("eu-west-1", "ap-southeast-2", "us-east-1", "sa-east-1", "af-south-1")


def replica(region: str) -> Node:
    return {
        "Region": region,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": "true"},
        "DeletionProtectionEnabled": "true",
    }


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_the_owner_has_a_replica_in_every_region_of_the_list(template: Node, count: int) -> None:
    regions = FIVE[:count]
    stack = evaluate(template, parameters={"Regions": ",".join(regions)})
    [table] = stack.of_type("AWS::DynamoDB::GlobalTable").values()
    assert table["Replicas"] == [replica(region) for region in regions]


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("home", FIVE[:2])
def test_exactly_the_home_region_owns_the_tables(template: Node, count: int, home: str) -> None:
    regions = FIVE[:count]
    models = with_models(template, "ItemsModel", "Order")
    parameters = {"Regions": ",".join(regions), "HomeRegion": home}
    stacks = [evaluate(models, region=region, parameters=parameters) for region in regions]
    owned = {stack.region: list(stack.of_type("AWS::DynamoDB::GlobalTable")) for stack in stacks}
    assert owned == {
        region: ["ItemsModelTable", "OrderTable"] if region == home else [] for region in regions
    }


@pytest.mark.parametrize("region", FIVE[:2])
def test_every_region_uses_the_table_by_the_same_name(template: Node, region: str) -> None:
    models = with_models(template, "ItemsModel", "Order")
    stack = evaluate(models, region=region, stack_name="shop")
    named = {
        name: properties["DynamoDBConfig"]
        for name, properties in stack.of_type("AWS::AppSync::DataSource").items()
        if properties["Type"] == "AMAZON_DYNAMODB"
    }
    # In the owner's stack the name is a reference, and with it the order in which they are made.
    table = {
        model: f"${{{model}Table}}" if region == "eu-west-1" else f"shop-{model}"
        for model in ("ItemsModel", "Order")
    }
    assert named == {
        f"{model}DataSource": {"TableName": table[model], "AwsRegion": region} for model in table
    }
    assert stack.of_type("Custom::LocalReplicas")["Replicas"]["Tables"] == table


def test_a_table_is_named_on_demand_encrypted_and_streams_both_images(template: Node) -> None:
    stack = evaluate(template)
    table = stack.resources["ItemsModelTable"]["Properties"]
    assert {key: value for key, value in table.items() if key != "Replicas"} == {
        "TableName": "antipode-ItemsModel",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
    }


def test_a_table_has_the_key_and_the_time_to_live_of_its_mapping(template_text: str) -> None:
    tables = evaluate(load(written_for(template_text, SOURCE))).of_type(
        "AWS::DynamoDB::GlobalTable"
    )
    told = ("AttributeDefinitions", "KeySchema", "TimeToLiveSpecification")
    assert {name: [table.get(each) for each in told] for name, table in tables.items()} == {
        "PlainTable": [attributes(id="S"), schema("id"), None],
        "OtherTable": [attributes(id="S"), schema("id"), None],
        "SessionTable": [attributes(token="S"), schema("token"), expires("until")],
        "LineTable": [attributes(customer="S", number="N"), schema("customer", "number"), None],
        "OrderTable": [
            attributes(customer="S", number="N"),
            schema("customer", "number"),
            expires("expiresAt"),
        ],
    }


def tables_of(template_text: str) -> Mapping[str, Node]:
    return evaluate(load(written_for(template_text, SOURCE))).of_type("AWS::DynamoDB::GlobalTable")


def attributes(**types: str) -> Node:
    return [{"AttributeName": name, "AttributeType": type_} for name, type_ in types.items()]


def schema(*fields: str) -> Node:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": field, "KeyType": kind}
        for field, kind in zip(fields, kinds, strict=False)
    ]


def expires(attribute: str) -> Node:
    return {"AttributeName": attribute, "Enabled": True}


def test_tables_differ_in_nothing_but_their_shape(template_text: str) -> None:
    tables = evaluate(load(written_for(template_text, SOURCE))).of_type(
        "AWS::DynamoDB::GlobalTable"
    )
    shape = {"TableName", "AttributeDefinitions", "KeySchema", "TimeToLiveSpecification"}
    rest = [
        {name: value for name, value in table.items() if name not in shape}
        for table in tables.values()
    ]
    assert rest == rest[:1] * 5


def test_every_model_is_in_one_loop_over_tables_and_no_loop_is_empty(template_text: str) -> None:
    names = [names for _, names, _ in table_loops(load(written_for(template_text, SOURCE)))]
    assert names == [["Plain", "Other"], ["Session"], ["Line"], ["Order"]]


def test_a_table_outlives_its_stack_but_not_its_failed_creation(template: Node) -> None:
    # Read as it is written: a retention that depended on a parameter could be switched off.
    [[_, _, resources]] = table_loops(template)
    table = resources["${Table}Table"]
    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert table["UpdateReplacePolicy"] == "Retain"


def test_backups_and_protection_can_be_switched_off_on_every_replica(template: Node) -> None:
    parameters = {"PointInTimeRecovery": "false", "DeletionProtection": "false"}
    stack = evaluate(template, parameters=parameters)
    [table] = stack.of_type("AWS::DynamoDB::GlobalTable").values()
    assert table["Replicas"] == [
        {
            "Region": region,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": "false"},
            "DeletionProtectionEnabled": "false",
        }
        for region in FIVE[:2]
    ]


@pytest.mark.parametrize(
    ("parameters", "encryption"),
    [
        ({}, {"SSEEnabled": True, "SSEType": "KMS"}),
        ({"TableKey": "AWS_OWNED"}, {"SSEEnabled": False}),
        # A key of one's own is meant, whatever is said of AWS's.
        (
            {"TableKey": "AWS_OWNED", "KmsKeyId": "mrk-" + "0" * 32},
            {"SSEEnabled": True, "SSEType": "KMS"},
        ),
    ],
)
def test_the_key_of_the_tables_can_be_one_that_costs_nothing(
    template: Node, parameters: dict[str, str], encryption: Node
) -> None:
    [table] = (
        evaluate(template, parameters=parameters).of_type("AWS::DynamoDB::GlobalTable").values()
    )
    assert table["SSESpecification"] == encryption


def test_on_demand_tables_have_bounds_where_they_are_wanted(template: Node) -> None:
    parameters = {"MaxReadRequestUnits": "400", "MaxWriteRequestUnits": "100"}
    [table] = (
        evaluate(template, parameters=parameters).of_type("AWS::DynamoDB::GlobalTable").values()
    )
    assert table["WriteOnDemandThroughputSettings"] == {"MaxWriteRequestUnits": "100"}
    assert [each["ReadOnDemandThroughputSettings"] for each in table["Replicas"]] == [
        {"MaxReadRequestUnits": "400"}
    ] * 2


def test_a_home_region_that_is_not_listed_is_refused(template: Node) -> None:
    with pytest.raises(TemplateError, match=r"^HomeRegion must be one of Regions"):
        evaluate(template, parameters={"HomeRegion": "us-east-1"})


def test_a_region_that_is_not_listed_is_refused(template: Node) -> None:
    with pytest.raises(TemplateError, match=r"^The stack's Region must be one of Regions"):
        evaluate(template, region="us-east-1")


@pytest.mark.parametrize("regions", ["eu-west-1,", "Ireland", "eu-west-1;ap-southeast-2"])
def test_a_list_that_does_not_name_regions_is_refused(template: Node, regions: str) -> None:
    with pytest.raises(TemplateError, match=r"^parameter Regions: "):
        evaluate(template, parameters={"Regions": regions})
