"""A DynamoDB table behind resolvers, called through the DynamoDB API so that streams see writes.

https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from localaws.appsync.answers import Answer, InvalidRequest, SourceError, answered, refusal
from localaws.appsync.attribute_values import map_for_dynamodb, plain_map
from localaws.appsync.dynamodb_expressions import ExpressionRefused, checked
from localaws.appsync.dynamodb_items import item_of
from localaws.appsync.dynamodb_operands import check_operands
from localaws.appsync.dynamodb_operations import OPERATIONS, Operation
from localaws.appsync.dynamodb_requests import check_request
from localaws.appsync.page_tokens import InvalidToken
from localaws.appsync.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# In the service's own words.
_INVALID_TOKEN = SourceError(
    "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: "
    "Invalid pagination token given.",
    "DynamoDB:UserIllegalArgumentException",
)


def call(client: DynamoDBClient, table: str, request: Json) -> Answer:
    """Make the call, blocking. Raises InvalidRequest if this is not a DynamoDB request."""
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
        arguments = _in_front_of_the_engine(client, table, arguments)
    except ExpressionRefused as refused:
        return Answer(error=_refused(str(refused)))
    if reasons := _wrong_operands(client, arguments.get("TransactItems", ())):
        return Answer(_cancelled(request, reasons), _transaction_refused(reasons))
    try:
        answer = getattr(client, operation.method)(**arguments)
    except ClientError as error:
        return _failed(client, table, request, error)
    return Answer(operation.result(answer, request))


def _in_front_of_the_engine(
    client: DynamoDBClient, table: str, arguments: dict[str, Json]
) -> dict[str, Json]:
    """Raises ExpressionRefused for what DynamoDB refuses, though an engine may not."""
    if "TransactItems" in arguments:
        return {"TransactItems": [_checked_part(item) for item in arguments["TransactItems"]]}
    keys: frozenset[str] = frozenset()
    if "KeyConditionExpression" in arguments and "FilterExpression" in arguments:
        keys = _key_attributes(client, table, arguments.get("IndexName"))
    result = checked(arguments, keys)
    check_operands(client, arguments)
    return result


def _checked_part(item: Json) -> Json:
    return {verb: checked(part) for verb, part in item.items()}


def _wrong_operands(client: DynamoDBClient, parts: Iterable[Json]) -> list[Json]:
    """Why a transaction is cancelled, a reason for each part; none if it is not."""
    reasons = [_reason(client, next(iter(part.values()))) for part in parts]
    return reasons if any(reasons) else []


def _reason(client: DynamoDBClient, part: Json) -> Json:
    try:
        check_operands(client, part)
    except ExpressionRefused as refused:
        return {"Code": "ValidationError", "Message": str(refused)}
    return {}


def _key_attributes(client: DynamoDBClient, table: str, index: str | None) -> frozenset[str]:
    described: Json = client.describe_table(TableName=table)["Table"]
    indexes = [
        *described.get("GlobalSecondaryIndexes", ()),
        *described.get("LocalSecondaryIndexes", ()),
    ]
    read = next((each for each in indexes if each["IndexName"] == index), described)
    return frozenset(key["AttributeName"] for key in read["KeySchema"])


def _refused(message: str, kind: str = "DynamoDbException") -> SourceError:
    shown = f"{message} (Service: DynamoDb, Status Code: 400, Request ID: null)"
    return SourceError(shown, f"DynamoDB:{kind}")


def _transaction_refused(reasons: Iterable[Json]) -> SourceError:
    codes = ", ".join(reason.get("Code", "None") for reason in reasons)
    return _refused(
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        "TransactionCanceledException",
    )


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
    """A failed condition is no error if the item is already as the request wants it.

    Otherwise only the error reaches the handler: the guide says that the result is the current
    item, but the service leaves it out (https://github.com/aws/aws-appsync-community/issues/343).
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
