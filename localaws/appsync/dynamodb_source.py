"""A DynamoDB table behind resolvers, called through the DynamoDB API so that streams see writes.

https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from localaws.appsync.answers import Answer, InvalidRequest, SourceError, answered, refusal
from localaws.appsync.attribute_values import map_for_dynamodb, plain_map
from localaws.appsync.dynamodb_operations import OPERATIONS, Operation, item_of
from localaws.appsync.dynamodb_requests import check_request
from localaws.appsync.page_tokens import InvalidToken
from localaws.appsync.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# As the service words it.
_INVALID_TOKEN = SourceError(
    "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: "
    "Invalid pagination token given.",
    "DynamoDB:UserIllegalArgumentException",
)


def call(client: DynamoDBClient, table: str, request: Json) -> Answer:
    """Blocks for the call. Raises InvalidRequest for what is no DynamoDB request."""
    check_request(request)
    if _has_custom_strategy(request):
        raise InvalidRequest("conditionalCheckFailedHandler: Custom is not available locally.")
    operation = OPERATIONS[request["operation"]]
    return answered("DynamoDB", lambda: _call(client, table, request, operation))


def _call(client: DynamoDBClient, table: str, request: Json, operation: Operation) -> Answer:
    try:
        arguments = operation.arguments(request, table)
    except InvalidToken:
        return Answer(error=_INVALID_TOKEN)
    try:
        answer = getattr(client, operation.method)(**arguments)
    except ClientError as error:
        return _failed(client, table, request, error)
    return Answer(operation.result(answer, request))


def _has_custom_strategy(request: Json) -> bool:
    match request.get("condition"):
        case {"conditionalCheckFailedHandler": {"strategy": "Custom"}}:
            return True
        case _:
            return False


def _failed(client: DynamoDBClient, table: str, request: Json, failure: ClientError) -> Answer:
    match failure.response["Error"]["Code"]:
        case "ConditionalCheckFailedException":
            return _unmet(client, table, request, failure)
        case "TransactionCanceledException":
            reasons = failure.response.get("CancellationReasons", [])
            return Answer(_cancelled(request, reasons), _source_error(client, failure))
        case _:
            return Answer(error=_source_error(client, failure))


def _unmet(client: DynamoDBClient, table: str, request: Json, failure: ClientError) -> Answer:
    """A condition that failed is no failure where the item is as the request wanted it anyway.

    Else only the error reaches the handler: the guide says that the result is the item as it is,
    but the service leaves it out (https://github.com/aws/aws-appsync-community/issues/343).
    """
    error = Answer(error=_source_error(client, failure))
    if request["operation"] == "UpdateItem":
        return error
    condition = request.get("condition") or {}
    current = client.get_item(
        TableName=table,
        Key=map_for_dynamodb(request["key"]),
        ConsistentRead=condition.get("consistentRead", True),
    ).get("Item")
    if request["operation"] == "DeleteItem":
        return Answer() if current is None else error
    ignored = condition.get("equalsIgnore") or ()
    if current is None or _without(current, ignored) != _without(item_of(request), ignored):
        return error
    return Answer(plain_map(current))


def _source_error(client: DynamoDBClient, failure: ClientError) -> SourceError:
    code = failure.response["Error"]["Code"]
    # The service's own SDK has a class for each error that DynamoDB models, and one for the rest.
    known = hasattr(client.exceptions, code)
    return refusal("DynamoDB", failure, code if known else "DynamoDbException")


def _cancelled(request: Json, reasons: Iterable[Json]) -> Json:
    member = "items" if request["operation"] == "TransactGetItems" else "keys"
    return {
        member: None,
        "cancellationReasons": [
            {
                "type": reason.get("Code", "None"),
                "message": reason.get("Message", "None"),
                "item": plain_map(reason["Item"]) if reason.get("Item") else None,
            }
            for reason in reasons
        ],
    }


def _without(item: Mapping[str, Json], ignored: Iterable[str]) -> Json:
    left_out = set(ignored)
    return {name: value for name, value in plain_map(item).items() if name not in left_out}
