"""A table as it is, and the template with which CloudFormation imports it.

An import changes nothing, so the template has to describe the tables as they are and may hold
nothing else; the deployment that follows makes them what the project's template says.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What CloudFormation and DynamoDB both write in this form: passed on as it is.
Part = Mapping[str, Any]

RESOURCE_TYPE = "AWS::DynamoDB::GlobalTable"


@dataclass(frozen=True)
class Replica:
    """A table in one Region.

    Args:
        key: the id of the multi-Region KMS key that it is encrypted with; empty for AWS's own.
        status: in DynamoDB's words.
    """

    protected: bool
    point_in_time_recovery: bool
    key: str = ""
    status: str = "ACTIVE"


@dataclass(frozen=True)
class LiveTable:
    """A global table.

    Args:
        ttl: the attribute that items expire by.
        encrypted: with a key of KMS, be it AWS's own.
        replicas: by Region, the home Region among them.
        local_indexes: the names of the local secondary indexes.
        legacy: it is a global table of 2017, which was another thing.
    """

    name: str
    on_demand: bool
    attributes: Sequence[Part]
    keys: Sequence[Part]
    stream: str
    replicas: Mapping[str, Replica]
    indexes: Sequence[Part] = field(default_factory=tuple)
    ttl: str = ""
    encrypted: bool = False
    local_indexes: Sequence[str] = ()
    legacy: bool = False


def refusals(table: LiveTable) -> Iterator[str]:
    """What has to be changed about a table before the project's stack can own it."""
    if not table.on_demand:
        yield (
            f"table {table.name} has provisioned capacity: aws dynamodb update-table --table-name"
            f" {table.name} --billing-mode PAY_PER_REQUEST"
        )
    if table.stream != "NEW_AND_OLD_IMAGES":
        now = f"has a stream of {table.stream}" if table.stream else "has no stream"
        yield (
            f"table {table.name} {now}, and the relay needs NEW_AND_OLD_IMAGES: switch it on with"
            " aws dynamodb update-table --stream-specification"
            " StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES, while there is one replica"
        )

    if table.local_indexes:
        yield (
            f"table {table.name} has local indexes ({', '.join(table.local_indexes)}), which"
            " CloudFormation would replace it to be rid of: copy its items (antipode backfill)"
            " into a table of the stack's"
        )
    if table.legacy:
        yield (
            f"table {table.name} is a global table of the version 2017.11.29: update it to the"
            " version 2019.11.21 first, in DynamoDB's console"
        )


def template_of(tables: Mapping[str, LiveTable]) -> dict[str, Any]:
    """The template of the import.

    Args:
        tables: by model.
    """
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The tables of Antipode, as they are; the next deployment adds the rest.",
        "Resources": {logical_id(model): _resource(table) for model, table in tables.items()},
    }


def resources_to_import(tables: Mapping[str, LiveTable]) -> list[dict[str, Any]]:
    """Which table each resource of the template is."""
    return [
        {
            "ResourceType": RESOURCE_TYPE,
            "LogicalResourceId": logical_id(model),
            "ResourceIdentifier": {"TableName": table.name},
        }
        for model, table in tables.items()
    ]


def logical_id(model: str) -> str:
    """By the project's template."""
    return f"{model}Table"


def _resource(table: LiveTable) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": list(table.attributes),
        "KeySchema": list(table.keys),
        "StreamSpecification": {"StreamViewType": table.stream},
        "Replicas": [_replica(region, each) for region, each in sorted(table.replicas.items())],
    }
    if table.indexes:
        properties["GlobalSecondaryIndexes"] = list(table.indexes)
    if table.ttl:
        properties["TimeToLiveSpecification"] = {"Enabled": True, "AttributeName": table.ttl}
    if table.encrypted:
        properties["SSESpecification"] = {"SSEEnabled": True, "SSEType": "KMS"}
    # An import demands a policy of its own for each resource, and keeps what it cannot import.
    return {
        "Type": RESOURCE_TYPE,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
    }


def _replica(region: str, replica: Replica) -> dict[str, Any]:
    described: dict[str, Any] = {
        "Region": region,
        "DeletionProtectionEnabled": replica.protected,
        "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": replica.point_in_time_recovery
        },
    }
    if replica.key:
        described["SSESpecification"] = {"KMSMasterKeyId": replica.key}
    return described
