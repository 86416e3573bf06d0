"""The template of a project with operations of its own, as `antipode schema` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.schema import limits, operation_resources
from antipode_tools.schema import template as generated
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused

from .evaluate import Stack, evaluate
from .reading import load

SOURCE = """
type Card @model { id: ID!, late: Boolean, size: Int, near: [Card] @function(name: "Near") }
type Bell { by: String }
type Query { find: [Card] @source(model: "Card"), now: String }
type Mutation {
  pay: Card @source(model: "Card") @source(function: "Charge", step: 2)
  ring: Bell @function(name: "Ring") @function(name: "Log", invocationType: Event)
}
type Subscription {
  onRing: Bell @aws_subscribe(mutations: ["ring"])
  onLate: Card @aws_subscribe(mutations: ["updateCard"])
}
"""
FILES = (
    "Query.find.js",
    "Query.now.js",
    "Mutation.pay.1.js",
    "Mutation.pay.2.js",
    "Card.late.js",
    "Card.size.1.js",
    "Card.size.2.js",
)
FUNCTIONS = ("Near", "Charge", "Ring", "Log")
OWN = "graphql/operations"
OURS = "graphql/resolvers"
APPSYNC_JS = {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_models(SOURCE, files=FILES)


@pytest.fixture(scope="module")
def text(template_text: str, root: Path, compiled: Compiled) -> str:
    return generated.with_models(with_functions(template_text, root), compiled)


def with_functions(text: str, root: Path) -> str:
    """The template with functions like the example's."""
    function = (root / "examples" / "board" / "function.yaml").read_text()
    functions = "".join(function.replace("Invite", name) for name in FUNCTIONS)
    return text.replace("\nResources:\n", f"\nResources:\n{functions}", 1)


@pytest.fixture(scope="module")
def stack(text: str) -> Stack:
    return evaluate(load(text), region="ap-southeast-2")


def test_an_operation_is_a_pipeline_of_its_steps(stack: Stack) -> None:
    resolvers = stack.of_type("AWS::AppSync::Resolver")
    assert resolvers["MutationPayResolver"] == {
        "ApiId": "${Api.ApiId}",
        "TypeName": "Mutation",
        "FieldName": "pay",
        "Kind": "PIPELINE",
        "PipelineConfig": {
            "Functions": ["${MutationPayStep1.FunctionId}", "${MutationPayStep2.FunctionId}"]
        },
        "Runtime": APPSYNC_JS,
        "CodeS3Location": f"{OURS}/operation.js",
    }
    steps = stack.of_type("AWS::AppSync::FunctionConfiguration")
    assert steps["MutationPayStep1"] == {
        "ApiId": "${Api.ApiId}",
        "Name": "Mutation_pay_1",
        "DataSourceName": "${CardDataSource.Name}",
        "Runtime": APPSYNC_JS,
        "CodeS3Location": f"{OWN}/Mutation.pay.1.js",
    }
    assert {
        name: (each["DataSourceName"], each["CodeS3Location"]) for name, each in steps.items()
    } == {
        "QueryFindStep1": ("${CardDataSource.Name}", f"{OWN}/Query.find.js"),
        "QueryNowStep1": ("${LocalSource.Name}", f"{OWN}/Query.now.js"),
        "MutationPayStep1": ("${CardDataSource.Name}", f"{OWN}/Mutation.pay.1.js"),
        "MutationPayStep2": ("${ChargeFunctionSource.Name}", f"{OWN}/Mutation.pay.2.js"),
        "MutationRingStep1": ("${RingFunctionSource.Name}", f"{OURS}/invoke.js"),
        "MutationRingStep2": ("${LogFunctionSource.Name}", f"{OURS}/invokeLater.js"),
        "CardSizeStep1": ("${LocalSource.Name}", f"{OWN}/Card.size.1.js"),
        "CardSizeStep2": ("${LocalSource.Name}", f"{OWN}/Card.size.2.js"),
    }


def test_a_field_of_a_type_has_a_resolver_of_one_step_or_a_pipeline(stack: Stack) -> None:
    found = {
        (each["TypeName"], each["FieldName"]): (each["Kind"], each["CodeS3Location"])
        for each in stack.of_type("AWS::AppSync::Resolver").values()
    }
    assert {key: its for key, its in found.items() if key[0] == "Card"} == {
        ("Card", "late"): ("UNIT", f"{OWN}/Card.late.js"),
        ("Card", "size"): ("PIPELINE", f"{OURS}/operation.js"),
        ("Card", "near"): ("UNIT", f"{OURS}/invoke.js"),
    }


def test_a_subscription_is_served_by_what_it_hangs_on(stack: Stack) -> None:
    resolvers = stack.of_type("AWS::AppSync::Resolver").values()
    found = {each["FieldName"]: each for each in resolvers if each["TypeName"] == "Subscription"}
    assert found["onRing"]["CodeS3Location"] == f"{OURS}/listen.js"
    assert found["onLate"]["CodeS3Location"] == f"{OURS}/subscribe.js"
    assert found["onRing"]["DataSourceName"] == "${LocalSource.Name}"


def test_appsync_may_call_the_functions_that_are_named_and_no_others(stack: Stack) -> None:
    [policy] = stack.of_type("AWS::IAM::Role")["FunctionSourceRole"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": [f"${{{name}Function.Arn}}" for name in ("Charge", "Ring", "Log", "Near")],
    }
    assert stack.of_type("AWS::AppSync::DataSource")["RingFunctionSource"] == {
        "ApiId": "${Api.ApiId}",
        "Name": "RingFunction_source",
        "Type": "AWS_LAMBDA",
        "ServiceRoleArn": "${FunctionSourceRole.Arn}",
        "LambdaConfig": {"LambdaFunctionArn": "${RingFunction.Arn}"},
    }


def test_operations_on_tables_may_write_several_items_at_once(stack: Stack) -> None:
    policy = stack.of_type("AWS::IAM::RolePolicy")["OperationsPolicy"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert policy["RoleName"] == "${DataSourceRole}"
    assert (statement["Action"], statement["Resource"]) == (
        ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem"],
        "arn:aws:dynamodb:ap-southeast-2:111122223333:table/antipode-*",
    )


def test_the_relay_waits_for_what_announcements_ask_for(stack: Stack) -> None:
    waits = stack.resources["Replicas"]["DependsOn"]
    assert [each for each in waits if each.startswith("Card")] == [
        "CardLateResolver",
        "CardSizeResolver",
        "CardNearResolver",
    ]


def test_a_project_without_operations_has_nothing_of_them(template_text: str) -> None:
    stack = evaluate(load(template_text))
    assert stack.of_type("AWS::AppSync::FunctionConfiguration") == {}
    assert not {"FunctionSourceRole", "OperationsPolicy"} & stack.resources.keys()


def test_what_is_counted_is_what_is_deployed(
    text: str, template_text: str, compiled: Compiled
) -> None:
    served = operation_resources.resources(compiled.resolved)
    assert set(served) <= evaluate(load(text)).resources.keys()
    assert limits.fixed(text) == limits.fixed(template_text) + 3 * len(FUNCTIONS)
    with pytest.raises(Refused) as raised:
        limits.check_capacity(480, compiled.models, len(served))
    [problem] = raised.value.diagnostics
    needed = 480 + len(served) + limits.resources(compiled.models[0])
    assert problem.message.startswith(
        f"1 models need {needed} resources (480 whatever they are, {len(served)} for operations of "
        "your own, and "
    )


def test_two_resources_of_one_name_are_refused(text: str) -> None:
    limits.check_unique(text)
    with pytest.raises(Refused) as raised:
        limits.check_unique(text.replace("  QueryNowStep1:\n", "  QueryFindStep1:\n"))
    [problem] = raised.value.diagnostics
    assert problem.message == (
        "two resources of template.yaml have the logical id QueryFindStep1: rename an operation, a "
        "field or a query, whose letters and digits are its part"
    )
