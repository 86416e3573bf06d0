"""Operations on several items at once, batches and transactions: their arguments and results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from localaws.appsync.attribute_values import map_for_dynamodb, plain_map
from localaws.appsync.dynamodb_items import (
    Arguments,
    Result,
    delete,
    expressions,
    given,
    put,
    update,
)
from localaws.appsync.ports import Json

# -- Batches ----------------------------------------------------------------------------------


def batch_get(request: Json, _: str) -> dict[str, Json]:
    return {
        "RequestItems": {
            table: {
                "Keys": [map_for_dynamodb(key) for key in wanted["keys"]],
                **given(ConsistentRead=wanted.get("consistentRead")),
                **expressions(ProjectionExpression=wanted.get("projection")),
            }
            for table, wanted in request["tables"].items()
        }
    }


def batch_got(answer: Json, request: Json) -> Json:
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


def batch_write(
    wrap: Callable[[dict[str, Json]], Json],
) -> Arguments:
    return lambda request, _: {
        "RequestItems": {
            table: [wrap(map_for_dynamodb(each)) for each in written]
            for table, written in request["tables"].items()
        }
    }


def batch_written(member: str, kind: str, part: str) -> Result:
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


def transact_get(request: Json, _: str) -> dict[str, Json]:
    return {
        "TransactItems": [
            {
                "Get": {
                    "TableName": item["table"],
                    "Key": map_for_dynamodb(item["key"]),
                    **expressions(ProjectionExpression=item.get("projection")),
                }
            }
            for item in request["transactItems"]
        ]
    }


def transact_got(answer: Json, _: Json) -> Json:
    items = [
        plain_map(each["Item"]) if each.get("Item") else None
        for each in answer.get("Responses", [])
    ]
    return {"items": items, "cancellationReasons": None}


_TRANSACT_PARTS: Mapping[str, tuple[str, Arguments]] = {
    "PutItem": ("Put", put),
    "UpdateItem": ("Update", update),
    "DeleteItem": ("Delete", delete),
    "ConditionCheck": ("ConditionCheck", delete),
}


def transact_write(request: Json, _: str) -> dict[str, Json]:
    return {"TransactItems": [_transact_part(item) for item in request["transactItems"]]}


def _transact_part(item: Json) -> Json:
    member, arguments = _TRANSACT_PARTS[item["operation"]]
    part = arguments(item, item["table"])
    condition = item.get("condition") or {}
    if condition and condition.get("returnValuesOnConditionCheckFailure", True):
        part["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return {member: part}


def transact_wrote(_: Json, request: Json) -> Json:
    keys = [plain_map(map_for_dynamodb(item["key"])) for item in request["transactItems"]]
    return {"keys": keys, "cancellationReasons": None}
