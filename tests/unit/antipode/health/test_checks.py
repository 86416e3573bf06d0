from __future__ import annotations

from collections.abc import Iterator
from http.server import HTTPServer
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from antipode.health import checks
from antipode.health.board import CannotServeError
from antipode.health.table import Table
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tests.fakes.servers import QuietHandler, served

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.literals import StateValueType
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ssm import SSMClient

AT: Any = {
    "region_name": "eu-west-1",
    "aws_access_key_id": "none",
    "aws_secret_access_key": "none",
}
ITEMS = Table("antipode-ItemsModel", {"id": "S"})
ORDERS = Table("antipode-Order", {"customer": "S", "number": "N"})


# -- The table ----------------------------------------------------------------------------------


@pytest.fixture
def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", **AT)


@pytest.mark.parametrize(
    ("table", "partition_key", "probe"),
    [
        (ITEMS, "id", {"id": {"S": "antipode-health"}}),
        (ORDERS, "customer", {"customer": {"S": "antipode-health"}, "number": {"N": "0"}}),
    ],
)
def test_the_table_is_read_at_one_key_and_for_the_key_alone(
    dynamodb: DynamoDBClient,
    table: Table,
    partition_key: str,
    probe: dict[str, dict[str, str]],
) -> None:
    wanted = {
        "TableName": table.name,
        "Key": probe,
        "ProjectionExpression": "#key",
        "ExpressionAttributeNames": {"#key": partition_key},
    }
    with Stubber(dynamodb) as stub:
        stub.add_response("get_item", {}, wanted)
        checks.data(dynamodb, table)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ThrottlingException"])
def test_a_table_that_cannot_be_read_is_a_failure(dynamodb: DynamoDBClient, code: str) -> None:
    with Stubber(dynamodb) as stub:
        stub.add_client_error("get_item", code)
        with pytest.raises(ClientError):
            checks.data(dynamodb, ITEMS)


# -- The API ------------------------------------------------------------------------------------


class Api(HTTPServer):
    """Answers every request with one status, and remembers the last."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ApiHandler)
        self.status = 401
        self.asked: tuple[str, dict[str, str], bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/graphql"


class ApiHandler(QuietHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked = (self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.send_response(self.server.status)
        self.end_headers()


@pytest.fixture
def graphql() -> Iterator[Api]:
    with served(Api()) as server:
        yield server


@pytest.mark.enable_socket
def test_an_api_that_turns_a_stranger_away_is_well(graphql: Api) -> None:
    checks.api(graphql.url)
    assert graphql.asked is not None
    path, headers, body = graphql.asked
    assert (path, body) == ("/graphql", b'{"query": "{ __typename }"}')
    assert headers.keys().isdisjoint({"authorization", "x-api-key"})
    # Common rules of a web ACL refuse a request that does not say who sends it.
    assert headers["user-agent"] == "antipode-health"


@pytest.mark.enable_socket
@pytest.mark.parametrize("status", [200, 403, 404, 500, 503])
def test_an_api_that_answers_anything_else_is_not(graphql: Api, status: int) -> None:
    graphql.status = status
    with pytest.raises(
        CannotServeError, match=f"^status {status}, where a stranger should get 401$"
    ):
        checks.api(graphql.url)


@pytest.mark.enable_socket
def test_an_api_that_is_not_there_is_not() -> None:
    with pytest.raises(OSError, match="refused"):
        checks.api("http://127.0.0.1:1/graphql")


# -- The relay ----------------------------------------------------------------------------------


@pytest.fixture
def cloudwatch() -> CloudWatchClient:
    return boto3.client("cloudwatch", **AT)


def alarms(**states: StateValueType) -> dict[str, Any]:
    """What CloudWatch says of alarms, by their names."""
    return {
        "MetricAlarms": [{"AlarmName": name, "StateValue": state} for name, state in states.items()]
    }


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_relay_whose_alarms_are_silent_is_well(
    cloudwatch: CloudWatchClient, state: StateValueType
) -> None:
    with Stubber(cloudwatch) as stub:
        asked = {"AlarmNames": ["stuck", "throttled"]}
        stub.add_response("describe_alarms", alarms(stuck=state, throttled="OK"), asked)
        checks.relay(cloudwatch, ["stuck", "throttled"])


def test_a_relay_with_an_alarm_that_rings_cannot_serve(cloudwatch: CloudWatchClient) -> None:
    with Stubber(cloudwatch) as stub:
        stub.add_response("describe_alarms", alarms(stuck="OK", throttled="ALARM"))
        with pytest.raises(CannotServeError, match=r"^in alarm: throttled$"):
            checks.relay(cloudwatch, ["stuck", "throttled"])


def test_a_relay_with_an_alarm_that_is_not_there_is_not_known(
    cloudwatch: CloudWatchClient,
) -> None:
    with Stubber(cloudwatch) as stub:
        stub.add_response("describe_alarms", alarms(stuck="OK"))
        with pytest.raises(LookupError, match=r"^no such alarm: throttled$"):
            checks.relay(cloudwatch, ["stuck", "throttled"])


@pytest.mark.parametrize("code", ["AccessDenied", "InternalFailure"])
def test_a_relay_whose_alarms_cannot_be_read_is_not_known(
    cloudwatch: CloudWatchClient, code: str
) -> None:
    with Stubber(cloudwatch) as stub:
        stub.add_client_error("describe_alarms", code)
        with pytest.raises(ClientError, match=code):
            checks.relay(cloudwatch, ["stuck"])


# -- Drained ------------------------------------------------------------------------------------


@pytest.fixture
def ssm() -> SSMClient:
    return boto3.client("ssm", **AT)


def parameter(value: str) -> dict[str, dict[str, str]]:
    return {"Parameter": {"Name": "drained", "Value": value}}


def test_a_region_in_use_is_well(ssm: SSMClient) -> None:
    with Stubber(ssm) as stub:
        stub.add_response("get_parameter", parameter("false"), {"Name": "drained"})
        checks.drained(ssm, "drained")


@pytest.mark.parametrize("value", ["true", "False", ""])
def test_a_drained_region_is_not_and_so_is_one_with_a_word_that_nobody_knows(
    ssm: SSMClient, value: str
) -> None:
    with Stubber(ssm) as stub:
        stub.add_response("get_parameter", parameter(value))
        with pytest.raises(CannotServeError, match=r"^taken out by hand$"):
            checks.drained(ssm, "drained")


def test_a_region_whose_state_is_unknown_counts_as_drained(ssm: SSMClient) -> None:
    with Stubber(ssm) as stub:
        stub.add_client_error("get_parameter", "InternalServerError")
        with pytest.raises(ClientError):
            checks.drained(ssm, "drained")
