"""What an upgrade must never replace, in stacks that an earlier version deployed."""

from __future__ import annotations

import pytest

from antipode_tools.operate.deployment.change_set import MATTERS
from tests import earlier

from .evaluate import Stack, evaluate
from .reading import Node, load
from .variants import HOME, OTHER, VARIANTS

# For each kind of resource that somebody would miss, the properties that CloudFormation does not
# change but by making another: "Update requires: Replacement" in its reference.
FIXED = {
    "AWS::DynamoDB::GlobalTable": ["TableName", "KeySchema", "LocalSecondaryIndexes"],
    "AWS::AppSync::GraphQLApi": ["ApiType", "Visibility"],
    "AWS::AppSync::ApiKey": ["ApiId"],
    "AWS::Lambda::EventSourceMapping": [
        "EventSourceArn",
        "StartingPosition",
        "StartingPositionTimestamp",
    ],
    "AWS::SecretsManager::Secret": ["Name"],
    "AWS::S3::Bucket": ["BucketName"],
    "AWS::SQS::Queue": ["QueueName", "FifoQueue"],
}


@pytest.fixture(scope="module")
def before() -> Node:
    """The template of the earlier version, without rules, which say what is not deployed."""
    return {**load(earlier.text("template.yaml")), "Rules": {}}


def fixed(stack: Stack) -> dict[str, Node]:
    """What must stay, by logical id: the type, and what of the properties cannot change."""
    return {
        name: {
            "Type": resource["Type"],
            "DeletionPolicy": resource.get("DeletionPolicy"),
            **{each: resource.get("Properties", {}).get(each) for each in FIXED[resource["Type"]]},
        }
        for name, resource in stack.resources.items()
        if resource["Type"] in FIXED
    }


@pytest.mark.parametrize("region", [HOME, OTHER])
@pytest.mark.parametrize("variant", VARIANTS)
def test_an_upgrade_replaces_nothing_that_holds_something(
    before: Node, template: Node, variant: str, region: str
) -> None:
    parameters = VARIANTS[variant]
    if not parameters.keys() <= before["Parameters"].keys():
        return  # nobody has deployed that
    was = fixed(evaluate(before, region=region, parameters=parameters))
    now = fixed(evaluate(template, region=region, parameters=parameters))
    assert {name: now.get(name) for name in was} == was
    assert was


def test_a_parameter_that_somebody_may_have_set_is_still_one(before: Node, template: Node) -> None:
    assert before["Parameters"].keys() <= template["Parameters"].keys()


def test_an_output_that_somebody_may_read_is_still_one(before: Node, template: Node) -> None:
    was, now = (evaluate(each).outputs.keys() for each in (before, template))
    assert was <= now


def test_every_kind_that_a_deployment_warns_of_is_held() -> None:
    assert FIXED.keys() == MATTERS.keys()
