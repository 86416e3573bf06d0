"""DynamoDB operations as resolvers request them, as boto3 takes them, and their results.

https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from localaws.appsync.attribute_values import plain_map
from localaws.appsync.dynamodb_batches import (
    batch_get,
    batch_got,
    batch_write,
    batch_written,
    transact_get,
    transact_got,
    transact_write,
    transact_wrote,
)
from localaws.appsync.dynamodb_items import (
    Arguments,
    Result,
    delete,
    get,
    item_of,
    member,
    paged,
    put,
    query,
    returning,
    scan,
    update,
)


class Operation(NamedTuple):
    """A client's method, its arguments for a request on a table, and the result of its answer."""

    method: str
    arguments: Arguments
    result: Result


OPERATIONS: Mapping[str, Operation] = {
    "GetItem": Operation("get_item", get, member("Item")),
    "PutItem": Operation("put_item", put, lambda _, request: plain_map(item_of(request))),
    "UpdateItem": Operation("update_item", returning(update, "ALL_NEW"), member("Attributes")),
    "DeleteItem": Operation("delete_item", returning(delete, "ALL_OLD"), member("Attributes")),
    "Query": Operation("query", query, paged),
    "Scan": Operation("scan", scan, paged),
    "BatchGetItem": Operation("batch_get_item", batch_get, batch_got),
    "BatchPutItem": Operation(
        "batch_write_item",
        batch_write(lambda item: {"PutRequest": {"Item": item}}),
        batch_written("unprocessedItems", "PutRequest", "Item"),
    ),
    "BatchDeleteItem": Operation(
        "batch_write_item",
        batch_write(lambda key: {"DeleteRequest": {"Key": key}}),
        batch_written("unprocessedKeys", "DeleteRequest", "Key"),
    ),
    "TransactGetItems": Operation("transact_get_items", transact_get, transact_got),
    "TransactWriteItems": Operation("transact_write_items", transact_write, transact_wrote),
}
