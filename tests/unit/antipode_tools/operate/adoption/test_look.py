"""Whether a table fits a model, and what is asked to know it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.adoption.fitting import Owner, Surroundings, findings
from antipode_tools.operate.adoption.live import (
    LiveTable,
    Replica,
    resources_to_import,
    template_of,
)
from antipode_tools.operate.adoption.look import Outside, adopt, look
from antipode_tools.operate.adoption.neighbourhood import AwsNeighbourhood
from antipode_tools.operate.adoption.steps import Seen
from antipode_tools.operate.adoption.wanted import WantedTable, wanted
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.operate.stacks.errors import OperationError
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
KEYS = {"ProjectionType": "KEYS_ONLY"}
BY_TIME = {
    "IndexName": "byTime",
    "KeySchema": [{"AttributeName": "at", "KeyType": HASH}],
    "Projection": {"ProjectionType": "ALL"},
}
STAMPED = [*TABLE.attributes, {"AttributeName": "at", "AttributeType": "N"}]


@pytest.mark.parametrize(
    ("table", "finding"),
    [
        (
            replace(TABLE, name="shop-ItemsModel"),
            Finding(
                "name",
                Verdict.WRONG,
                "shop-ItemsModel, where the model has antipode-ItemsModel: CloudFormation would"
                " make a new one",
                '@model(table: "shop-ItemsModel")',
            ),
        ),
        (
            replace(TABLE, local_indexes=["byTime"]),
            Finding(
                "local index byTime",
                Verdict.WRONG,
                "a stack's tables have none, and CloudFormation would replace the table",
                "copy its items (antipode backfill) into a table of the stack's:"
                " a local index cannot be taken away",
            ),
        ),
        (
            replace(TABLE, legacy=True),
            Finding(
                "version",
                Verdict.WRONG,
                "a global table of 2017.11.29",
                "update it to the version 2019.11.21, in DynamoDB's console",
            ),
        ),
        (
            replace(TABLE, indexes=[{**TABLE.indexes[0], "Projection": KEYS}]),
            Finding(
                "index byStatus",
                Verdict.WRONG,
                "it holds KEYS_ONLY, where the stack's indexes hold ALL",
                "give the model's index another name: what an index holds cannot change",
            ),
        ),
        (
            replace(TABLE, keys=[{"AttributeName": "pk", "KeyType": HASH}]),
            Finding(
                "key",
                Verdict.WRONG,
                "pk (?), where the model has id (S)",
                "give the model that key, or copy the items (antipode backfill):"
                " a table's key cannot change",
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


FREE = Owner("antipode", region="ireland", code=IRELAND)
REVIEWED = replace(FREE, status="REVIEW_IN_PROGRESS")


@pytest.mark.parametrize(
    ("around", "finding"),
    [
        (
            Surroundings("shop"),
            Finding(
                "stack",
                Verdict.WRONG,
                "it is the stack shop's",
                "give it DeletionPolicy: Retain there, deploy, take it out of shop's template,"
                " deploy again: it stays, and no stack has it",
            ),
        ),
        (
            Surroundings("amplify-a-b", kind="Custom::AmplifyDynamoDBTable"),
            Finding(
                "stack",
                Verdict.WARNING,
                "the stack amplify-a-b made it, by a Custom::AmplifyDynamoDBTable",
                "CloudFormation can import it all the same; but have amplify-a-b keep it where its"
                " resource goes (a removal policy), and change it no more",
            ),
        ),
        (
            Surroundings(readers=["antipode-RelayFunction-1", "mailer"], owner=FREE),
            Finding(
                "stream's readers",
                Verdict.WARNING,
                "mailer",
                "put it behind the relay: DynamoDB advises one reader a shard for global tables",
            ),
        ),
        (
            Surroundings(readers=["mailer", "search"], owner=FREE),
            Finding(
                "stream's readers",
                Verdict.WRONG,
                "mailer, search",
                "take one away: DynamoDB lets two read a shard, and the relay is to be one of them",
            ),
        ),
        (
            Surroundings(owner=replace(REVIEWED, begun="CREATE_COMPLETE")),
            Finding(
                "import",
                Verdict.WARNING,
                "one into antipode was begun and not carried out (CREATE_COMPLETE), by whomever",
                "ask who it was: antipode import ireland --yes makes it anew",
            ),
        ),
        (
            Surroundings(owner=replace(REVIEWED, begun="CREATE_IN_PROGRESS")),
            Finding(
                "import",
                Verdict.WRONG,
                "an import into antipode is under way (CREATE_IN_PROGRESS), by whomever",
                "wait until it has ended, and ask again",
            ),
        ),
        *(
            (
                Surroundings(owner=replace(FREE, status=status)),
                Finding(
                    "the stack to be",
                    Verdict.WRONG,
                    f"antipode is {status} in eu-west-1 and does not have the table",
                    fix,
                ),
            )
            for status, fix in (
                (
                    "ROLLBACK_COMPLETE",
                    "antipode cleanup ireland --dry-run: it leaves such a table alone",
                ),
                ("UPDATE_IN_PROGRESS", "wait until CloudFormation is done, and ask again"),
                (
                    "UPDATE_COMPLETE",
                    "an import makes the stack: let CloudFormation delete it, which keeps its"
                    " tables (aws cloudformation delete-stack --stack-name antipode --region"
                    " eu-west-1), and the import takes them in with this one",
                ),
            )
        ),
    ],
)
def test_what_else_is_in_the_way_is_said_with_what_to_do(
    around: Surroundings, finding: Finding
) -> None:
    assert wrong(TABLE, around) == [finding]


def test_a_table_that_the_stack_has_taken_in_is_its_own() -> None:
    owner = replace(FREE, status="UPDATE_COMPLETE", begun="CREATE_COMPLETE")
    around = Surroundings("antipode", ["antipode-RelayFunction-1"], owner=owner)
    assert wrong(TABLE, around) == []


# -- The look -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FakeTables:
    tables: Mapping[str, LiveTable]
    elsewhere: Sequence[str] = ()

    def find(self, name: str) -> LiveTable | None:
        return self.tables.get(name)

    def holds(self, code: str, name: str) -> bool:
        return code in self.elsewhere


class Around:
    def around(self, table: str) -> Surroundings:
        return Surroundings(owner=FREE)

    def stack(self, code: str) -> Stack | None:
        return None

    def account(self) -> str:
        return "111122223333"


AWAY = replace(OWNER, name="sydney", code=SYDNEY)
OFF_THE_LIST = replace(OWNER, name="virginia", code="us-east-1")


def outside(template: str, *elsewhere: str) -> Outside:
    tables = FakeTables({TABLE.name: TABLE, "notes": replace(TABLE, name="notes")}, elsewhere)
    regions = [OWNER, AWAY, OFF_THE_LIST]
    return Outside(regions, ["ItemsModel", "Visit"], template, tables, Around(), lambda: 0.0)


def test_a_look_is_of_the_regions_on_the_list(template: str) -> None:
    assert look(TABLE.name, "ItemsModel", outside(template)) == Seen(
        "ItemsModel",
        TABLE,
        WANT,
        Surroundings(owner=FREE),
        [OWNER, AWAY],
        {IRELAND: None, SYDNEY: None},
    )


MISSING = "there is no table Todo in eu-west-1, the home Region, of account 111122223333"


@pytest.mark.parametrize(
    ("table", "model", "elsewhere", "told"),
    [
        (
            TABLE.name,
            "Todo",
            [],
            "there is no model Todo in graphql/models.graphql; it has ItemsModel, Visit",
        ),
        (
            "Todo",
            "ItemsModel",
            [],
            f"{MISSING}, nor in ap-southeast-2, us-east-1: name the table as its account has it",
        ),
        (
            "Todo",
            "ItemsModel",
            [SYDNEY],
            f"{MISSING}, but in ap-southeast-2: an adoption begins where the table is, so make"
            " ap-southeast-2 the default of HomeRegion in template.yaml before the first"
            " deployment, and run antipode schema",
        ),
        (
            "arn:aws:dynamodb:us-east-1:444455556666:table/Todo",
            "ItemsModel",
            [],
            "arn:aws:dynamodb:us-east-1:444455556666:table/Todo is an ARN: name the table, Todo. It"
            " is looked for in the home Region, eu-west-1, with the credentials of its account",
        ),
        (
            "my table",
            "ItemsModel",
            [],
            "'my table' is no name of a table: those have 3 to 255 letters, digits, _, . and -. It"
            " is looked for in the home Region, eu-west-1, with the credentials of its account",
        ),
    ],
)
def test_a_table_or_a_model_that_is_not_there_is_said(
    template: str, table: str, model: str, elsewhere: list[str], told: str
) -> None:
    with pytest.raises(OperationError) as caught:
        look(table, model, outside(template, *elsewhere))
    assert str(caught.value) == told


def test_where_the_import_is_next_what_it_takes_is_written(template: str, tmp_path: Path) -> None:
    report = adopt(TABLE.name, "ItemsModel", outside(template), folder=tmp_path)
    assert report.coming == report.steps[2]
    assert report.folder == tmp_path
    assert {file.name: json.loads(file.read_text()) for file in tmp_path.iterdir()} == {
        "template.json": template_of({"ItemsModel": TABLE}),
        "resources.json": resources_to_import({"ItemsModel": TABLE}),
    }


def test_nothing_is_written_where_nothing_is_to_be_or_the_import_is_not_next(
    template: str, tmp_path: Path
) -> None:
    assert adopt(TABLE.name, "ItemsModel", outside(template)).folder is None
    other = adopt("notes", "ItemsModel", outside(template), folder=tmp_path)
    assert (other.folder, list(tmp_path.iterdir())) == (None, [])


SESSION = boto3.Session("x", "y", region_name=IRELAND)
STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/Todo/stream/2026-01-01T00:00:00.000"


@pytest.fixture
def aws() -> AwsNeighbourhood:
    cloudformation = SESSION.client("cloudformation")
    return AwsNeighbourhood(
        OWNER,
        lambda _: cloudformation,
        SESSION.client("dynamodb"),
        SESSION.client("lambda"),
        SESSION.client("sts"),
    )


def resource(**different: str) -> dict[str, Any]:
    return {
        "StackName": "shop",
        "LogicalResourceId": "Todo",
        "PhysicalResourceId": "Todo",
        "ResourceType": "AWS::DynamoDB::Table",
        "Timestamp": "2026-01-01T00:00:00Z",
        "ResourceStatus": "CREATE_COMPLETE",
        **different,
    }


def test_aws_is_asked_for_the_stack_the_streams_readers_and_an_import(
    aws: AwsNeighbourhood,
) -> None:
    function = "arn:aws:lambda:eu-west-1:111122223333:function:mailer"
    review = {
        "StackName": "antipode",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "REVIEW_IN_PROGRESS",
    }
    with (
        Stubber(aws.dynamodb) as dynamodb,
        Stubber(aws.cloudformation(IRELAND)) as cloudformation,
        Stubber(aws.functions) as functions,
    ):
        found = {"StackResources": [resource(PhysicalResourceId="Other"), resource()]}
        asked = {"PhysicalResourceId": "Todo"}
        cloudformation.add_response("describe_stack_resources", found, asked)
        dynamodb.add_response("describe_table", {"Table": {"LatestStreamArn": STREAM}})
        functions.add_response(
            "list_event_source_mappings",
            {"EventSourceMappings": [{"FunctionArn": function}]},
            {"EventSourceArn": STREAM},
        )
        cloudformation.add_response("describe_stacks", {"Stacks": [review]})
        change_set = {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}
        cloudformation.add_response("describe_change_set", change_set)
        owner = replace(REVIEWED, begun="CREATE_COMPLETE")
        assert aws.around("Todo") == Surroundings("shop", ["mailer"], "AWS::DynamoDB::Table", owner)


def test_a_table_that_nobody_has_is_free(aws: AwsNeighbourhood) -> None:
    with (
        Stubber(aws.dynamodb) as dynamodb,
        Stubber(aws.cloudformation(IRELAND)) as cloudformation,
    ):
        for name in ("describe_stack_resources", "describe_stacks"):
            cloudformation.add_client_error(name, "ValidationError", "it does not exist")
        dynamodb.add_response("describe_table", {"Table": {}})
        assert aws.around("Todo") == Surroundings("", (), "", FREE)


def test_who_may_not_look_is_told_at_what(aws: AwsNeighbourhood) -> None:
    with Stubber(aws.cloudformation(IRELAND)) as cloudformation:
        cloudformation.add_client_error("describe_stack_resources", "AccessDenied", "no")
        with pytest.raises(OperationError, match=r"^cannot ask which stack has table Todo: "):
            aws.around("Todo")
