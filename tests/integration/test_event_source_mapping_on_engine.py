"""Event source mappings on the real engine in two Regions: real stacks, streams and functions."""

from __future__ import annotations

import asyncio
import io
import json
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from localaws.event_source_mapping.aws import AwsRegion
from localaws.event_source_mapping.lane import Backoff
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.pace import Pace

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]
IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
PATIENCE_S = 30.0

# What a record asks of it is its item's id; what it was sent is written down, batch by batch.
FUNCTION = """
import json, os, pathlib, time

FOLDER = pathlib.Path(os.environ["FOLDER"])

def handler(event, context):
    ids = [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]
    seen = FOLDER / "seen"
    before = seen.read_text() if seen.exists() else ""
    with seen.open("a") as file:
        file.write(json.dumps(ids) + "\\n")
    while "waits" in ids and not (FOLDER / "released").exists():
        time.sleep(0.01)
    if "hangs" in ids:
        time.sleep(60)
    failing = {"poison"} | (set() if "flaky" in before else {"flaky"})
    failed = [record for record, name in zip(event["Records"], ids) if name in failing]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in failed]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}
"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def aws(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Aws]:
    run = tmp_path_factory.mktemp("engine")
    (run / "tmp").mkdir()
    installation = EngineInstallation(ROOT, ROOT / ".local")
    if not installation.current:
        environment = isolated(os.environ, run=run, region=IRELAND)
        await installation.install(environment=environment, log=run / "install.log")
    engine = await Engine.start(
        installation, port=0, run=run, region=IRELAND, log=run / "engine.log"
    )
    yield Aws(engine.url)
    await engine.stop()


@dataclass
class Deployed:
    """A table with a function on its stream, and the stack that joins the two."""

    aws: Aws
    region: str
    name: str
    folder: Path
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # boto3-stubs has a type for each service alone
        if service not in self._clients:
            connect: Any = self.aws.session.client
            self._clients[service] = connect(service, **self.aws.at(self.region))
        return self._clients[service]

    @property
    def stream_arn(self) -> str:
        table = self.client("dynamodb").describe_table(TableName=self.name)["Table"]
        return str(table["LatestStreamArn"])

    def make_table(self) -> None:
        self.client("dynamodb").create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )

    def make_function(self) -> None:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("index.py", FUNCTION)
        self.folder.mkdir()
        self.client("lambda").create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/any",
            Handler="index.handler",
            Timeout=2 if self.name.startswith("hangs") else 60,
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"FOLDER": str(self.folder)}},
        )

    async def deploy(self, stream_arn: str, *, enabled: bool = True, **properties: Any) -> None:
        """Create or update the stack, with the mapping as the localised template has it."""
        stacks = self.client("cloudformation")
        exists = any(
            stack["StackName"] == self.name for stack in stacks.list_stacks()["StackSummaries"]
        )
        apply = stacks.update_stack if exists else stacks.create_stack
        mapping = {
            "FunctionName": self.name,
            "EventSourceArn": stream_arn,
            "StartingPosition": "TRIM_HORIZON",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            **properties,
            "Enabled": False,
        }
        resources = {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Mapping": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Metadata": {"Enabled": enabled},
                "Properties": mapping,
            },
        }
        apply(StackName=self.name, TemplateBody=json.dumps({"Resources": resources}))
        await until(lambda: self._status().endswith("_COMPLETE"))

    def _status(self) -> str:
        stacks = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return str(stacks[0]["StackStatus"])

    def resource(self, logical_id: str) -> str:
        """The physical id of a resource of the stack."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def put(self, *ids: str) -> None:
        for each in ids:
            self.client("dynamodb").put_item(TableName=self.name, Item={"id": {"S": each}})

    def seen(self) -> list[list[str]]:
        """The batches that the function was sent."""
        seen = self.folder / "seen"
        return [json.loads(line) for line in seen.read_text().splitlines()] if seen.exists() else []


Make = Callable[[str, str], Deployed]


async def until(is_so: Callable[[], bool]) -> None:
    """The engine tells nobody when something has happened: ask it, time and again."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            await asyncio.sleep(0.02)


@pytest.fixture
def make(aws: Aws, tmp_path: Path) -> Iterator[Make]:
    made: list[Deployed] = []

    def make(region: str, name: str) -> Deployed:
        items = Deployed(aws, region, f"{name}-{region}", tmp_path / name)
        items.make_table()
        items.make_function()
        made.append(items)
        return items

    yield make
    for items in made:
        items.client("lambda").delete_event_source_mapping(UUID=items.resource("Mapping"))


@asynccontextmanager
async def serving(aws: Aws) -> AsyncIterator[EventSourceMappings]:
    regions = {
        region: AwsRegion.connect(aws.session, region, aws.endpoint) for region in (IRELAND, SYDNEY)
    }
    mappings = EventSourceMappings(
        regions, pace=Pace(busy=0.02, idle=0.1), backoff=Backoff(first=0.02, longest=0.1)
    )
    await mappings.refresh()
    try:
        yield mappings
    finally:
        await mappings.stop()
        for region in regions.values():
            region.close()


@pytest.mark.parametrize("region", [IRELAND, SYDNEY])
async def test_a_partial_response_sends_everything_from_the_lowest_on(
    region: str, aws: Aws, make: Make
) -> None:
    items = make(region, "partial")
    await items.deploy(items.stream_arn)
    items.put("first", "flaky", "last")
    async with serving(aws):
        await until(lambda: len(items.seen()) == 2)
    assert items.seen() == [["first", "flaky", "last"], ["flaky", "last"]]


async def test_a_poison_record_ends_in_the_bucket_with_its_payload(aws: Aws, make: Make) -> None:
    items = make(SYDNEY, "poisoned")
    bucket = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Bucket", "Arn"]}}}
    await items.deploy(
        items.stream_arn,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts="1",
        DestinationConfig=bucket,
    )
    items.put("first", "poison", "last")
    async with serving(aws):
        await until(lambda: ["last"] in items.seen())
    assert items.seen() == [
        ["first", "poison", "last"],
        ["poison", "last"],
        ["poison"],
        ["poison"],
        ["last"],
    ]
    [found] = items.client("s3").list_objects_v2(Bucket=items.resource("Bucket"))["Contents"]
    assert found["Key"].startswith(f"aws/lambda/{items.resource('Mapping')}/shardId-")
    held = items.client("s3").get_object(Bucket=items.resource("Bucket"), Key=found["Key"])
    document = json.loads(held["Body"].read())
    assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert document["requestContext"]["approximateInvokeCount"] == 2
    [record] = json.loads(document["payload"])["Records"]
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "poison"}}
    assert record["eventSourceARN"] == items.stream_arn


async def test_a_function_that_times_out_ends_in_the_queue(aws: Aws, make: Make) -> None:
    items = make(IRELAND, "hangs")
    queue = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}}
    await items.deploy(items.stream_arn, MaximumRetryAttempts=0, DestinationConfig=queue)
    items.put("hangs")
    received: list[Any] = []

    def is_told() -> bool:
        answer = items.client("sqs").receive_message(QueueUrl=items.resource("Queue"))
        received.extend(answer.get("Messages", []))
        return bool(received)

    async with serving(aws):
        await until(is_told)
    message = json.loads(received[0]["Body"])
    assert message["responseContext"]["functionError"] == "Unhandled"
    assert message["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "payload" not in message


async def test_a_throttled_function_gets_its_records_later_and_loses_no_retry(
    aws: Aws, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    items = make(IRELAND, "throttled")
    await items.deploy(items.stream_arn, MaximumRetryAttempts=0)
    functions = items.client("lambda")
    functions.put_function_concurrency(FunctionName=items.name, ReservedConcurrentExecutions=0)
    items.put("patient")
    async with serving(aws):
        await until(lambda: caplog.text.count("TooManyRequestsException") >= 2)
        functions.delete_function_concurrency(FunctionName=items.name)
        await until(lambda: bool(items.seen()))
    assert items.seen() == [["patient"]]


async def test_a_slow_function_delays_no_other_mapping(aws: Aws, make: Make) -> None:
    slow, quick, far = make(IRELAND, "slow"), make(IRELAND, "quick"), make(SYDNEY, "far")
    for items in (slow, quick, far):
        await items.deploy(items.stream_arn)
    async with serving(aws):
        slow.put("waits")
        await until(lambda: slow.seen() == [["waits"]])
        slow.put("behind")
        quick.put("ahead")
        far.put("ahead")
        await until(lambda: quick.seen() == [["ahead"]] and far.seen() == [["ahead"]])
        assert slow.seen() == [["waits"]]
        (slow.folder / "released").touch()
        await until(lambda: slow.seen() == [["waits"], ["behind"]])


async def test_a_mapping_is_served_while_its_stack_has_it_enabled(aws: Aws, make: Make) -> None:
    items, witness = make(IRELAND, "switched"), make(IRELAND, "witness")
    await items.deploy(items.stream_arn, enabled=False)
    await witness.deploy(items.stream_arn)
    items.put("first")
    async with serving(aws) as mappings:
        await until(lambda: bool(witness.seen()))
        assert items.seen() == []
        await items.deploy(items.stream_arn, enabled=True)
        await mappings.refresh()
        await until(lambda: items.seen() == [["first"]])
        await items.deploy(items.stream_arn, enabled=False)
        await mappings.refresh()
        items.put("second")
        await until(lambda: witness.seen() == [["first"], ["second"]])
        await items.deploy(items.stream_arn, enabled=True)
        await mappings.refresh()
        await until(lambda: items.seen() == [["first"], ["second"]])


async def test_the_engines_own_poller_leaves_the_mappings_alone(aws: Aws, make: Make) -> None:
    items, witness = make(IRELAND, "muted"), make(IRELAND, "unmuted")
    for each in (items, witness):
        await each.deploy(items.stream_arn)
    # The engine serves this one, and goes through its mappings one after the other, oldest first.
    witness.client("lambda").update_event_source_mapping(
        UUID=witness.resource("Mapping"), Enabled=True
    )
    items.put("first")
    await until(lambda: witness.seen() == [["first"]])
    assert items.seen() == []
