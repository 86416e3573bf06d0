"""Finding the stream of a table's replica in one Region, and waiting until there is one to find.

Knows nothing of CloudFormation. Time passes only through the functions that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode.replica.errors import NotReadyError, UnusableStreamError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

VIEW_TYPE = "NEW_AND_OLD_IMAGES"
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0


def find_stream(
    client: DynamoDBClient,
    table: str,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    deadline: float,
) -> str:
    """The ARN of the stream of `table`, waited for until `deadline` (seconds, of `clock`).

    Raises:
        NotReadyError: the deadline came first.
        UnusableStreamError: at once, for a stream without both images.
    """
    pause = FIRST_PAUSE_S
    while True:
        try:
            return stream_of(describe(client, table))
        except NotReadyError:
            if clock() + pause > deadline:
                raise
        sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


def describe(client: DynamoDBClient, table: str) -> TableDescriptionTypeDef:
    """The table as this Region has it. Raises NotReadyError where waiting may help."""
    try:
        return client.describe_table(TableName=table)["Table"]
    except ClientError as error:
        match error.response["Error"]["Code"]:
            case "ResourceNotFoundException":
                raise NotReadyError("does not exist") from error
            case "AccessDeniedException":
                # A policy made a moment ago takes some seconds to reach DynamoDB.
                raise NotReadyError(f"may not be described ({error})") from error
            case _:
                raise


def stream_of(table: TableDescriptionTypeDef) -> str:
    """The ARN of a table's stream, if the table is ACTIVE and the stream holds both images."""
    status = table.get("TableStatus", "without a status")
    if status != "ACTIVE":
        raise NotReadyError(f"is {status}")
    stream = table.get("StreamSpecification")
    arn = table.get("LatestStreamArn")
    if stream is None or not stream.get("StreamEnabled") or arn is None:
        raise NotReadyError("has no stream")
    view_type = stream.get("StreamViewType")
    if view_type != VIEW_TYPE:
        raise UnusableStreamError(
            f"has a stream of {view_type} and needs one of {VIEW_TYPE},"
            " which can be changed only while the table has a single replica"
        )
    return arn
