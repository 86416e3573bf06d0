"""Whether a table fits a model, and what is asked to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.adoption.fitting import Surroundings, findings
from antipode_tools.operate.adoption.live import LiveTable, Replica
from antipode_tools.operate.adoption.look import AwsNeighbourhood, Outside, look
from antipode_tools.operate.adoption.wanted import WantedTable, wanted
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.project.config import project_root
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.regions import Region
from tests.template.reading import written_for
from tests.unit.antipode_tools.operate.adoption.tables import IRELAND, SYDNEY, TABLE

MODELS = """
type ItemsModel @model {
  id: ID!
  status: String @index(name: "byStatus")
  expiresAt: AWSTimestamp @ttl
}
type Visit @model { shop: ID! @primaryKey(sortKeyFields: ["at"]) at: Int! }
"""
OWNER = Region("ireland", IRELAND, "antipode", {"Regions": f"{IRELAND},{SYDNEY}"})
WANT = WantedTable(
    name="antipode-ItemsModel",
    types={"id": "S", "status": "S"},
    keys=TABLE.keys,
    indexes=TABLE.indexes,
    ttl="expiresAt",
    encrypted=True,
    regions=[IRELAND, SYDNEY],
)
ALONE = Surroundings()


@pytest.fixture(scope="module")
def template() -> str:
    return written_for((project_root() / "template.yaml").read_text(), MODELS)


def test_what_a_model_wants_is_what_the_template_makes(template: str) -> None:
    assert wanted(template, "ItemsModel", OWNER) == WANT
    visit = wanted(template, "Visit", OWNER)
    assert visit
    assert (visit.name, visit.types, visit.ttl) == ("antipode-Visit", {"shop": "S", "at": "N"}, "")
    assert wanted(template, "Todo", OWNER) is None


def wrong(
    table: LiveTable, around: Surroundings = ALONE, want: WantedTable = WANT
) -> list[Finding]:
    return [each for each in findings(table, around, want) if each.verdict is not Verdict.RIGHT]


def test_a_table_that_the_stack_itself_has_made_fits() -> None:
    assert wrong(TABLE) == []
    assert len(list(findings(TABLE, ALONE, WANT))) == 11


HASH = "HASH"
BY_TIME = {"IndexName": "byTime", "KeySchema": [{"AttributeName": "at", "KeyType": HASH}]}
STAMPED = [*TABLE.attributes, {"AttributeName": "at", "AttributeType": "N"}]


@pytest.mark.parametrize(
    ("table", "finding"),
    [
        (
            replace(TABLE, name="shop-ItemsModel"),
            Finding(
                "name",
                Verdict.WRONG,
                "shop-ItemsModel, where the stack has antipode-ItemsModel: CloudFormation would"
                " make a new one",
                'stack_name = "shop" in samconfig.toml',
            ),
        ),
        (
            replace(TABLE, name="Todo-abc123-prod"),
            Finding(
                "name",
                Verdict.WRONG,
                "Todo-abc123-prod, where the stack has antipode-ItemsModel: CloudFormation would"
                " make a new one",
                "copy its items into a table of the stack's",
            ),
        ),
        (
            replace(TABLE, keys=[{"AttributeName": "pk", "KeyType": HASH}]),
            Finding(
                "key",
                Verdict.WRONG,
                "pk (?), where the model has id (S)",
                "give the model that key, or copy the items: a table's key cannot change",
            ),
        ),
        (
            replace(TABLE, attributes=STAMPED, indexes=[*TABLE.indexes, BY_TIME]),
            Finding(
                "index byTime",
                Verdict.WRONG,
                "at (N), which the model does not have: a deployment would delete it",
                "give the model that index",
            ),
        ),
        (
            replace(TABLE, attributes=STAMPED, indexes=[{**BY_TIME, "IndexName": "byStatus"}]),
            Finding(
                "index byStatus",
                Verdict.WRONG,
                "at (N), where the model has status (S)",
                "give the model's index another name: an index's key cannot change",
            ),
        ),
        (
            replace(TABLE, indexes=[]),
            Finding(
                "index byStatus",
                Verdict.WARNING,
                "it is not there yet",
                "the deployment after the import makes it, one at a time",
            ),
        ),
        (
            replace(TABLE, stream="KEYS_ONLY"),
            Finding(
                "stream",
                Verdict.WRONG,
                "KEYS_ONLY",
                "remove the other replicas first: a stream's view cannot change while there are"
                " two",
            ),
        ),
        (
            replace(TABLE, on_demand=False),
            Finding(
                "capacity",
                Verdict.WRONG,
                "provisioned",
                "aws dynamodb update-table --table-name antipode-ItemsModel --billing-mode"
                " PAY_PER_REQUEST; look at what that costs",
            ),
        ),
        (
            replace(TABLE, ttl=""),
            Finding(
                "time to live",
                Verdict.WARNING,
                "none, where the model has expiresAt: a deployment would change it",
                "look at the items first: those whose expiresAt has passed go within days",
            ),
        ),
        (
            replace(TABLE, encrypted=False),
            Finding(
                "encryption",
                Verdict.WARNING,
                "DynamoDB's own key, where the stack has a key of KMS",
                "TableKey or KmsKeyId, or let the deployment change it: the table goes on"
                " meanwhile",
            ),
        ),
        (
            replace(TABLE, replicas={**TABLE.replicas, "us-east-1": Replica(True, True)}),
            Finding(
                "replica",
                Verdict.WRONG,
                "Regions does not have it",
                "add it to Regions in template.yaml: a deployment would delete the replica",
                "us-east-1",
            ),
        ),
        (
            replace(TABLE, replicas={IRELAND: TABLE.replicas[IRELAND]}),
            Finding(
                "replica",
                Verdict.WARNING,
                "there is none yet",
                "antipode deploy makes it after the import, one in a deployment",
                SYDNEY,
            ),
        ),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_do(table: LiveTable, finding: Finding) -> None:
    assert wrong(table) == [finding]


def test_a_stream_is_switched_on_where_there_is_none() -> None:
    [finding] = wrong(replace(TABLE, stream=""))
    assert (finding.verdict, finding.found) == (Verdict.WRONG, "there is none")
    assert finding.fix.startswith("aws dynamodb update-table --table-name antipode-ItemsModel")


def test_whoever_else_uses_a_table_is_named() -> None:
    [stack, readers] = wrong(TABLE, Surroundings("shop", ["mailer"]))
    assert (stack.verdict, stack.found) == (Verdict.WRONG, "it is the stack shop's")
    assert (readers.verdict, readers.found) == (Verdict.WARNING, "mailer")


# -- The look -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FakeTables:
    tables: Mapping[str, LiveTable]

    def find(self, name: str) -> LiveTable | None:
        return self.tables.get(name)


class Nobody:
    def around(self, table: str) -> Surroundings:
        return ALONE


@pytest.mark.parametrize(
    ("table", "model", "told"),
    [
        ("antipode-ItemsModel", "Todo", "there is no model Todo in graphql/models.graphql; it has"),
        ("Todo", "ItemsModel", "there is no table Todo in eu-west-1, the home Region"),
    ],
)
def test_a_table_or_a_model_that_is_not_there_is_said(
    template: str, table: str, model: str, told: str
) -> None:
    tables = FakeTables({TABLE.name: TABLE})
    outside = Outside(OWNER, ["ItemsModel", "Visit"], template, tables, Nobody())
    assert look(TABLE.name, "ItemsModel", outside) == list(findings(TABLE, ALONE, WANT))
    with pytest.raises((UsageError, OperationError), match=told):
        look(table, model, outside)


SESSION = boto3.Session("x", "y", region_name=IRELAND)
STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/Todo/stream/2026-01-01T00:00:00.000"


def test_aws_is_asked_for_the_stack_and_the_streams_readers() -> None:
    aws = AwsNeighbourhood(
        SESSION.client("dynamodb"), SESSION.client("cloudformation"), SESSION.client("lambda")
    )
    resource: dict[str, Any] = {
        "StackName": "shop",
        "LogicalResourceId": "Todo",
        "ResourceType": "AWS::DynamoDB::Table",
        "Timestamp": "2026-01-01T00:00:00Z",
        "ResourceStatus": "CREATE_COMPLETE",
    }
    function = "arn:aws:lambda:eu-west-1:111122223333:function:mailer"
    with (
        Stubber(aws.dynamodb) as dynamodb,
        Stubber(aws.cloudformation) as cloudformation,
        Stubber(aws.functions) as functions,
    ):
        cloudformation.add_response(
            "describe_stack_resources",
            {"StackResources": [resource]},
            {"PhysicalResourceId": "Todo"},
        )
        dynamodb.add_response("describe_table", {"Table": {"LatestStreamArn": STREAM}})
        functions.add_response(
            "list_event_source_mappings",
            {"EventSourceMappings": [{"FunctionArn": function}]},
            {"EventSourceArn": STREAM},
        )
        assert aws.around("Todo") == Surroundings("shop", ["mailer"])
        cloudformation.add_client_error(
            "describe_stack_resources", "ValidationError", "Stack for Todo does not exist"
        )
        dynamodb.add_response("describe_table", {"Table": {}})
        assert aws.around("Todo") == Surroundings("", ())
