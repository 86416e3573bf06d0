"""The template of an import."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from antipode_tools.operate.adoption.live import (
    logical_id,
    refusals,
    resources_to_import,
    template_of,
)
from antipode_tools.project.config import project_root
from tests.linting import findings
from tests.unit.antipode_tools.operate.adoption.tables import TABLE


def test_a_table_is_described_as_it_is() -> None:
    [(name, resource)] = template_of({"ItemsModel": TABLE})["Resources"].items()
    assert name == "ItemsModelTable"
    assert resource == {
        "Type": "AWS::DynamoDB::GlobalTable",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "TableName": "antipode-ItemsModel",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": TABLE.attributes,
            "KeySchema": TABLE.keys,
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "Replicas": [
                {
                    "Region": "ap-southeast-2",
                    "DeletionProtectionEnabled": False,
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                    "SSESpecification": {"KMSMasterKeyId": "mrk-0a1b"},
                },
                {
                    "Region": "eu-west-1",
                    "DeletionProtectionEnabled": True,
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                },
            ],
            "GlobalSecondaryIndexes": TABLE.indexes,
            "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expiresAt"},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        },
    }


def test_each_table_is_named_for_its_resource() -> None:
    assert resources_to_import({"ItemsModel": TABLE}) == [
        {
            "ResourceType": "AWS::DynamoDB::GlobalTable",
            "LogicalResourceId": "ItemsModelTable",
            "ResourceIdentifier": {"TableName": "antipode-ItemsModel"},
        }
    ]


def test_cfn_lint_finds_nothing_in_the_template(tmp_path: Path) -> None:
    plain = replace(
        TABLE,
        name="antipode-Todo",
        attributes=TABLE.attributes[:1],
        indexes=(),
        ttl="",
        encrypted=False,
    )
    template = tmp_path / "template.json"
    template.write_text(json.dumps(template_of({"ItemsModel": TABLE, "Todo": plain})))
    assert findings(template, ["eu-west-1"]) == []


def test_the_projects_template_has_resources_of_the_same_names() -> None:
    project = (project_root() / "template.yaml").read_text()
    model = re.search(r"Fn::ForEach::EachTable:\s+- Table\s+- \[(\w+)\]\s+- (\S+):", project)
    assert model is not None
    assert logical_id(model[1]) == model[2].replace("${Table}", model[1])


def test_what_the_stack_cannot_own_is_refused_with_the_way_there() -> None:
    assert list(refusals(TABLE)) == []
    other = replace(TABLE, on_demand=False, stream="KEYS_ONLY")
    assert list(refusals(other)) == [
        "table antipode-ItemsModel has provisioned capacity: aws dynamodb update-table"
        " --table-name antipode-ItemsModel --billing-mode PAY_PER_REQUEST",
        "table antipode-ItemsModel has a stream of KEYS_ONLY, and the relay needs"
        " NEW_AND_OLD_IMAGES: switch it on with aws dynamodb update-table --stream-specification"
        " StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES, while there is one replica",
    ]
    [reason] = refusals(replace(TABLE, stream=""))
    assert reason.startswith("table antipode-ItemsModel has no stream, and the relay needs")
