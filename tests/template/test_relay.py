"""How the relay is fed, what it is told, and where what fails goes."""

from __future__ import annotations

import pytest
from antipode.relay.backoff import MAX_S

from .evaluate import evaluate
from .reading import Node, with_models

STREAM_KEEPS_S = 24 * 60 * 60
APPSYNC_REQUEST_S = 30
DAYS_14_S = 14 * 24 * 60 * 60


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-2"])
def test_every_model_has_a_mapping_with_the_settings_that_lose_nothing(
    template: Node, region: str
) -> None:
    stack = evaluate(with_models(template, "ItemsModel", "Order"), region=region)
    table = f"arn:aws:dynamodb:{region}:111122223333:table/antipode"
    assert stack.of_type("AWS::Lambda::EventSourceMapping") == {
        f"{model}Mapping": {
            "FunctionName": "${RelayFunction.Arn}",
            "EventSourceArn": f"{table}-{model}/stream/${{Replicas.{model}}}",
            "Enabled": "true",
            "StartingPosition": "TRIM_HORIZON",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BisectBatchOnFunctionError": True,
            "BatchSize": "250",
            "MaximumBatchingWindowInSeconds": "0",
            "ParallelizationFactor": "1",
            "MaximumRetryAttempts": "80",
            "MaximumRecordAgeInSeconds": "82800",
            "DestinationConfig": {"OnFailure": {"Destination": "${OnFailureBucket.Arn}"}},
        }
        for model in ("ItemsModel", "Order")
    }


@pytest.mark.parametrize(
    ("setting", "parameter"),
    [
        ("Enabled", "RelayEnabled"),
        ("BatchSize", "BatchSize"),
        ("MaximumBatchingWindowInSeconds", "BatchingWindow"),
        ("ParallelizationFactor", "ParallelizationFactor"),
        ("MaximumRetryAttempts", "MaximumRetryAttempts"),
        ("MaximumRecordAgeInSeconds", "MaximumRecordAge"),
    ],
)
def test_what_can_be_tuned_of_the_mapping_is_a_parameter(
    template: Node, setting: str, parameter: str
) -> None:
    value = {"RelayEnabled": "false", "MaximumRecordAge": "61"}.get(parameter, "9")
    stack = evaluate(template, parameters={parameter: value})
    [mapping] = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    assert mapping[setting] == value


def test_a_record_is_given_up_while_the_stream_still_has_it(template: Node) -> None:
    assert template["Parameters"]["MaximumRecordAge"]["Default"] < STREAM_KEEPS_S


def test_the_retries_last_over_an_hour_of_what_the_relay_takes_of_its_time(
    template: Node,
) -> None:
    parameters = template["Parameters"]
    # It keeps five seconds back, and does not begin a wait of as many that ends after its time.
    least = parameters["RelayTimeout"]["Default"] - 5 - MAX_S
    assert parameters["MaximumRetryAttempts"]["Default"] * least > 3600
    assert parameters["RelayTimeout"]["Default"] == 2 * APPSYNC_REQUEST_S


def test_a_mapping_starts_when_the_relay_may_publish_and_the_publishes_are_there(
    template: Node,
) -> None:
    stack = evaluate(template)
    mapping = stack.resources["ItemsModelMapping"]
    assert mapping["DependsOn"] == "RelayPublishPolicy"
    # The mapping needs the replica's stream, and the replicas come after the resolvers.
    assert mapping["Properties"]["EventSourceArn"].endswith("/stream/${Replicas.ItemsModel}")
    assert stack.resources["Replicas"]["DependsOn"] == [
        "Schema",
        *(f"Publish{kind}ItemsModelResolver" for kind in ("Create", "Update", "Delete")),
    ]


def test_the_relay_gets_its_api_its_tables_and_its_queue_from_its_environment(
    template: Node,
) -> None:
    parameters = {"Lanes": "8", "PublishRate": "500", "LogLevel": "DEBUG"}
    stack = evaluate(template, stack_name="shop", parameters=parameters)
    relay = stack.resources["RelayFunction"]["Properties"]
    assert relay["Environment"]["Variables"] == {
        "GRAPHQL_URL": "${Api.GraphQLUrl}",
        "TABLE_PREFIX": "shop-",
        "UNDELIVERED_QUEUE_URL": "${UndeliveredQueue}",
        "LANES": "8",
        "PUBLISH_RATE": "500",
        "LOG_CHANGES": "false",
        "POWERTOOLS_SERVICE_NAME": "relay",
        "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
        "STACK_NAME": "shop",
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
    }


def test_the_relay_runs_on_arm_with_its_memory_and_time_out_from_parameters(template: Node) -> None:
    parameters = {"RelayMemory": "512", "RelayTimeout": "90"}
    stack = evaluate(template, parameters=parameters)
    relay = stack.resources["RelayFunction"]["Properties"]
    assert (relay["MemorySize"], relay["Timeout"]) == ("512", "90")
    assert template["Globals"]["Function"] == {
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
    }
    layer = stack.resources["SharedLayer"]
    assert layer["Properties"]["CompatibleRuntimes"] == ["python3.13"]
    assert layer["Properties"]["CompatibleArchitectures"] == ["arm64"]
    assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": "arm64"}


def test_what_cannot_be_announced_waits_encrypted_for_as_long_as_a_queue_keeps_it(
    template: Node,
) -> None:
    [queue] = evaluate(template).of_type("AWS::SQS::Queue").values()
    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": DAYS_14_S}


def test_what_lambda_gave_up_on_is_kept_in_a_bucket_that_no_one_else_sees(template: Node) -> None:
    stack = evaluate(template, parameters={"OnFailureRetentionDays": "7"})
    bucket = stack.resources["OnFailureBucket"]
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket["UpdateReplacePolicy"] == "Retain"
    assert bucket["Properties"] == {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "expire",
                    "Status": "Enabled",
                    "ExpirationInDays": "7",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": "7"},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    }


@pytest.mark.parametrize(
    ("policy", "resources"),
    [
        ("UndeliveredQueuePolicy", ["${UndeliveredQueue.Arn}"]),
        ("OnFailureBucketPolicy", ["${OnFailureBucket.Arn}", "${OnFailureBucket.Arn}/*"]),
    ],
)
def test_queue_and_bucket_are_reached_through_tls_alone(
    template: Node, policy: str, resources: list[str]
) -> None:
    properties = evaluate(template).resources[policy]["Properties"]
    [statement] = properties["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    named = statement["Resource"]
    assert (named if isinstance(named, list) else [named]) == resources


def test_the_look_up_of_a_stream_is_given_up_by_cloudformation_after_the_function(
    template: Node,
) -> None:
    stack = evaluate(template)
    [replica] = stack.of_type("Custom::LocalReplicas").values()
    timeout = stack.resources["ReplicaFunction"]["Properties"]["Timeout"]
    assert timeout < replica["ServiceTimeout"] <= timeout + 60
    assert timeout <= 900


def test_a_new_refresh_makes_every_stream_be_looked_up_again(template: Node) -> None:
    models = with_models(template, "ItemsModel", "Order")
    stack = evaluate(models, parameters={"Refresh": "2"})
    replicas = stack.of_type("Custom::LocalReplicas")
    assert [replica["Refresh"] for replica in replicas.values()] == ["2"]
