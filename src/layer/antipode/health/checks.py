"""The looks at each part of the Region, none of which changes anything or reads an item."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from antipode.health.board import CannotServeError
from antipode.health.table import Table

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ssm import SSMClient

API_TIMEOUT_S = 1.0
UNAUTHORIZED = 401


def data(client: DynamoDBClient, table: Table) -> None:
    """Reads one key of the table, as cheaply as can be. Raises what botocore raises."""
    client.get_item(
        TableName=table.name,
        Key=table.probe,
        # Of an item that has the key, nothing but the key.
        ProjectionExpression="#key",
        ExpressionAttributeNames={"#key": next(iter(table.key))},
    )


def api(url: str) -> None:
    """Knocks at the GraphQL API without credentials, and is to be turned away by AppSync itself.

    That proves the endpoint, its certificate and AppSync's front to be there, and lets nobody in.
    It does not prove that a resolver runs: the table is looked at apart.

    Raises CannotServeError if another answer came.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=API_TIMEOUT_S)
    headers = {"Content-Type": "application/json", "User-Agent": "antipode-health"}
    try:
        connection.request("POST", parts.path, b'{"query": "{ __typename }"}', headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != UNAUTHORIZED:
        raise CannotServeError(f"status {status}, where a stranger should get {UNAUTHORIZED}")


def relay(client: CloudWatchClient, names: Sequence[str]) -> None:
    """Asks for the alarms on the relay, by their names.

    Raises CannotServeError if one rings, LookupError if one is missing, and what botocore raises.
    """
    alarms = client.describe_alarms(AlarmNames=list(names))["MetricAlarms"]
    if ringing := [each["AlarmName"] for each in alarms if each["StateValue"] == "ALARM"]:
        raise CannotServeError(f"in alarm: {', '.join(ringing)}")
    # A permission for one alarm alone may be answered with an empty list.
    if missing := set(names) - {each["AlarmName"] for each in alarms}:
        raise LookupError(f"no such alarm: {', '.join(sorted(missing))}")


def drained(client: SSMClient, parameter: str) -> None:
    """Raises CannotServeError if the Region was taken out by hand.

    Where the parameter cannot be read, whatever botocore raises: somebody may have taken the Region
    out for a good reason, and a new process would put it back.
    """
    value = client.get_parameter(Name=parameter)["Parameter"].get("Value")
    if value != "false":
        raise CannotServeError("taken out by hand")
