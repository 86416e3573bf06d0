"""Operations on one item, and on pages of items: their arguments for boto3, and their results."""

from __future__ import annotations

from collections.abc import Callable

from localaws.appsync.attribute_values import map_for_dynamodb, plain_map
from localaws.appsync.page_tokens import read_token, write_token
from localaws.appsync.ports import Json

Arguments = Callable[[Json, str], dict[str, Json]]
"""What boto3 takes for a resolver's request on a table."""

Result = Callable[[Json, Json], Json]
"""What a resolver gets for boto3's answer to its request."""

# -- Expressions ------------------------------------------------------------------------------


def expressions(**parts: Json) -> dict[str, Json]:
    """Expressions by DynamoDB's names for them, and the names and values that they share."""
    arguments: dict[str, Json] = {}
    names: dict[str, str] = {}
    values: dict[str, Json] = {}
    for parameter, part in parts.items():
        if not part:
            continue
        arguments[parameter] = part["expression"]
        names |= part.get("expressionNames") or {}
        values |= map_for_dynamodb(part.get("expressionValues"))
    # DynamoDB refuses empty maps.
    return given(
        **arguments,
        ExpressionAttributeNames=names or None,
        ExpressionAttributeValues=values or None,
    )


def given(**arguments: Json) -> dict[str, Json]:
    return {name: value for name, value in arguments.items() if value is not None}


# -- Single items -----------------------------------------------------------------------------


def item_of(request: Json) -> dict[str, Json]:
    return map_for_dynamodb({**request["key"], **(request.get("attributeValues") or {})})


def get(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **given(ConsistentRead=request.get("consistentRead")),
        **expressions(ProjectionExpression=request.get("projection")),
    }


def put(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Item": item_of(request),
        **expressions(ConditionExpression=request.get("condition")),
    }


def update(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **expressions(
            UpdateExpression=request.get("update"), ConditionExpression=request.get("condition")
        ),
    }


def delete(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **expressions(ConditionExpression=request.get("condition")),
    }


def returning(arguments: Arguments, what: str) -> Arguments:
    return lambda request, table: {**arguments(request, table), "ReturnValues": what}


def member(name: str) -> Result:
    return lambda answer, _: plain_map(answer[name]) if answer.get(name) else None


# -- Pages ------------------------------------------------------------------------------------


def _page(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        **given(
            IndexName=request.get("index"),
            Limit=request.get("limit"),
            ConsistentRead=request.get("consistentRead"),
            Select=request.get("select"),
            ExclusiveStartKey=read_token(request.get("nextToken")),
        ),
    }


def query(request: Json, table: str) -> dict[str, Json]:
    return {
        **_page(request, table),
        **given(ScanIndexForward=request.get("scanIndexForward")),
        **expressions(
            KeyConditionExpression=request["query"],
            FilterExpression=request.get("filter"),
            ProjectionExpression=request.get("projection"),
        ),
    }


def scan(request: Json, table: str) -> dict[str, Json]:
    return {
        **_page(request, table),
        **given(Segment=request.get("segment"), TotalSegments=request.get("totalSegments")),
        **expressions(
            FilterExpression=request.get("filter"), ProjectionExpression=request.get("projection")
        ),
    }


def paged(answer: Json, _: Json) -> Json:
    return {
        "items": [plain_map(item) for item in answer.get("Items", [])],
        "nextToken": write_token(answer.get("LastEvaluatedKey")),
        "scannedCount": answer.get("ScannedCount", 0),
    }
