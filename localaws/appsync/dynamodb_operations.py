"""DynamoDB operations as resolvers request them, as boto3 takes them, and their results.

https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from localaws.appsync.attribute_values import map_for_dynamodb, plain_map
from localaws.appsync.page_tokens import read_token, write_token
from localaws.appsync.ports import Json


class Operation(NamedTuple):
    """A client's method, its arguments for a request on a table, and the result of its answer."""

    method: str
    arguments: Callable[[Json, str], dict[str, Json]]
    result: Callable[[Json, Json], Json]


# -- Expressions ------------------------------------------------------------------------------


def _expressions(**parts: Json) -> dict[str, Json]:
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
    return _given(
        **arguments,
        ExpressionAttributeNames=names or None,
        ExpressionAttributeValues=values or None,
    )


def _given(**arguments: Json) -> dict[str, Json]:
    return {name: value for name, value in arguments.items() if value is not None}


# -- Single items -----------------------------------------------------------------------------


def item_of(request: Json) -> dict[str, Json]:
    return map_for_dynamodb({**request["key"], **(request.get("attributeValues") or {})})


def _get(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **_given(ConsistentRead=request.get("consistentRead")),
        **_expressions(ProjectionExpression=request.get("projection")),
    }


def _put(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Item": item_of(request),
        **_expressions(ConditionExpression=request.get("condition")),
    }


def _update(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **_expressions(
            UpdateExpression=request.get("update"), ConditionExpression=request.get("condition")
        ),
    }


def _delete(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        "Key": map_for_dynamodb(request["key"]),
        **_expressions(ConditionExpression=request.get("condition")),
    }


def _returning(
    arguments: Callable[[Json, str], dict[str, Json]], what: str
) -> Callable[[Json, str], dict[str, Json]]:
    return lambda request, table: {**arguments(request, table), "ReturnValues": what}


def _member(name: str) -> Callable[[Json, Json], Json]:
    return lambda answer, _: plain_map(answer[name]) if answer.get(name) else None


# -- Pages ------------------------------------------------------------------------------------


def _page(request: Json, table: str) -> dict[str, Json]:
    return {
        "TableName": table,
        **_given(
            IndexName=request.get("index"),
            Limit=request.get("limit"),
            ConsistentRead=request.get("consistentRead"),
            Select=request.get("select"),
            ExclusiveStartKey=read_token(request.get("nextToken")),
        ),
    }


def _query(request: Json, table: str) -> dict[str, Json]:
    return {
        **_page(request, table),
        **_given(ScanIndexForward=request.get("scanIndexForward")),
        **_expressions(
            KeyConditionExpression=request["query"],
            FilterExpression=request.get("filter"),
            ProjectionExpression=request.get("projection"),
        ),
    }


def _scan(request: Json, table: str) -> dict[str, Json]:
    return {
        **_page(request, table),
        **_given(Segment=request.get("segment"), TotalSegments=request.get("totalSegments")),
        **_expressions(
            FilterExpression=request.get("filter"), ProjectionExpression=request.get("projection")
        ),
    }


def _paged(answer: Json, _: Json) -> Json:
    return {
        "items": [plain_map(item) for item in answer.get("Items", [])],
        "nextToken": write_token(answer.get("LastEvaluatedKey")),
        "scannedCount": answer.get("ScannedCount", 0),
    }


# -- Batches ----------------------------------------------------------------------------------


def _batch_get(request: Json, _: str) -> dict[str, Json]:
    return {
        "RequestItems": {
            table: {
                "Keys": [map_for_dynamodb(key) for key in wanted["keys"]],
                **_given(ConsistentRead=wanted.get("consistentRead")),
                **_expressions(ProjectionExpression=wanted.get("projection")),
            }
            for table, wanted in request["tables"].items()
        }
    }


def _batch_got(answer: Json, request: Json) -> Json:
    found = answer.get("Responses", {})
    unprocessed = answer.get("UnprocessedKeys", {})
    return {
        "data": {
            table: [
                _with_key(found.get(table, []), map_for_dynamodb(key)) for key in wanted["keys"]
            ]
            for table, wanted in request["tables"].items()
        },
        "unprocessedKeys": {
            table: [plain_map(key) for key in unprocessed.get(table, {}).get("Keys", [])]
            for table in request["tables"]
        },
    }


def _with_key(items: Iterable[Mapping[str, Json]], key: Mapping[str, Json]) -> Json:
    for item in items:
        if key.items() <= dict(item).items():
            return plain_map(item)
    return None


def _batch_write(
    wrap: Callable[[dict[str, Json]], Json],
) -> Callable[[Json, str], dict[str, Json]]:
    return lambda request, _: {
        "RequestItems": {
            table: [wrap(map_for_dynamodb(each)) for each in written]
            for table, written in request["tables"].items()
        }
    }


def _batch_written(member: str, kind: str, part: str) -> Callable[[Json, Json], Json]:
    def result(answer: Json, request: Json) -> Json:
        left = {
            table: [each[kind][part] for each in writes if kind in each]
            for table, writes in answer.get("UnprocessedItems", {}).items()
        }
        return {
            "data": {
                table: [_unless_left(map_for_dynamodb(each), left.get(table, [])) for each in wrote]
                for table, wrote in request["tables"].items()
            },
            member: {
                table: [plain_map(each) for each in left.get(table, [])]
                for table in request["tables"]
            },
        }

    return result


def _unless_left(written: dict[str, Json], left: list[Json]) -> Json:
    return None if written in left else plain_map(written)


# -- Transactions -----------------------------------------------------------------------------


def _transact_get(request: Json, _: str) -> dict[str, Json]:
    return {
        "TransactItems": [
            {
                "Get": {
                    "TableName": item["table"],
                    "Key": map_for_dynamodb(item["key"]),
                    **_expressions(ProjectionExpression=item.get("projection")),
                }
            }
            for item in request["transactItems"]
        ]
    }


def _transact_got(answer: Json, _: Json) -> Json:
    items = [
        plain_map(each["Item"]) if each.get("Item") else None
        for each in answer.get("Responses", [])
    ]
    return {"items": items, "cancellationReasons": None}


_TRANSACT_PARTS: Mapping[str, tuple[str, Callable[[Json, str], dict[str, Json]]]] = {
    "PutItem": ("Put", _put),
    "UpdateItem": ("Update", _update),
    "DeleteItem": ("Delete", _delete),
    "ConditionCheck": ("ConditionCheck", _delete),
}


def _transact_write(request: Json, _: str) -> dict[str, Json]:
    return {"TransactItems": [_transact_part(item) for item in request["transactItems"]]}


def _transact_part(item: Json) -> Json:
    member, arguments = _TRANSACT_PARTS[item["operation"]]
    part = arguments(item, item["table"])
    condition = item.get("condition") or {}
    if condition and condition.get("returnValuesOnConditionCheckFailure", True):
        part["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return {member: part}


def _transact_wrote(_: Json, request: Json) -> Json:
    keys = [plain_map(map_for_dynamodb(item["key"])) for item in request["transactItems"]]
    return {"keys": keys, "cancellationReasons": None}


OPERATIONS: Mapping[str, Operation] = {
    "GetItem": Operation("get_item", _get, _member("Item")),
    "PutItem": Operation("put_item", _put, lambda _, request: plain_map(item_of(request))),
    "UpdateItem": Operation("update_item", _returning(_update, "ALL_NEW"), _member("Attributes")),
    "DeleteItem": Operation("delete_item", _returning(_delete, "ALL_OLD"), _member("Attributes")),
    "Query": Operation("query", _query, _paged),
    "Scan": Operation("scan", _scan, _paged),
    "BatchGetItem": Operation("batch_get_item", _batch_get, _batch_got),
    "BatchPutItem": Operation(
        "batch_write_item",
        _batch_write(lambda item: {"PutRequest": {"Item": item}}),
        _batch_written("unprocessedItems", "PutRequest", "Item"),
    ),
    "BatchDeleteItem": Operation(
        "batch_write_item",
        _batch_write(lambda key: {"DeleteRequest": {"Key": key}}),
        _batch_written("unprocessedKeys", "DeleteRequest", "Key"),
    ),
    "TransactGetItems": Operation("transact_get_items", _transact_get, _transact_got),
    "TransactWriteItems": Operation("transact_write_items", _transact_write, _transact_wrote),
}
