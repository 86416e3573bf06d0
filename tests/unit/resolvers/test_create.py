from __future__ import annotations

import re
from collections.abc import Callable

from local.appsync.ports import Evaluation, HandlerError, HandlerName, Json

Resolver = Callable[[str, HandlerName, Json], Evaluation]

NOW = {"S": "2026-01-02T03:04:05.678Z"}
STAMPS = {
    "createdAt": NOW,
    "updatedAt": NOW,
    "version": {"N": 1},
    "updatedIn": {"S": "eu-west-1"},
}
NEW = {"expression": "(attribute_not_exists(#id))", "expressionNames": {"#id": "id"}}


def context(**input: Json) -> Json:
    return {"arguments": {"input": input}, "env": {"REGION": "eu-west-1"}, "stash": {}}


def test_an_item_is_put_with_its_stamps_unless_its_id_is_taken(resolver: Resolver) -> None:
    evaluation = resolver("create", HandlerName.REQUEST, context(id="Item001", item="MyItem"))

    assert evaluation == Evaluation(
        result={
            "operation": "PutItem",
            "key": {"id": {"S": "Item001"}},
            "attributeValues": {"item": {"S": "MyItem"}, **STAMPS},
            "condition": NEW,
        }
    )


def test_an_item_without_an_id_is_given_one(resolver: Resolver) -> None:
    for input in ({"item": "MyItem"}, {"id": None, "item": "MyItem"}):
        request = resolver("create", HandlerName.REQUEST, context(**input)).result

        assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", request["key"]["id"]["S"])
        assert request["condition"] == NEW


def test_a_null_is_not_stored(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context(id="a", item=None)).result

    assert request["attributeValues"] == STAMPS


def test_the_created_item_is_returned(resolver: Resolver) -> None:
    item = {"id": "a", "item": "b"}

    evaluation = resolver("create", HandlerName.RESPONSE, {**context(), "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_id_that_is_taken_is_told(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}

    evaluation = resolver(
        "create", HandlerName.RESPONSE, {**context(id="Item001"), "error": failed}
    )

    assert evaluation.error == HandlerError("an item with id Item001 exists already", type)


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:ThrottlingException", "message": "slow down"}

    evaluation = resolver("create", HandlerName.RESPONSE, {**context(id="a"), "error": failed})

    assert evaluation.error == HandlerError("slow down", "DynamoDB:ThrottlingException")
