from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .keys import KEYS, OWNERS

Resolver = Callable[[str, HandlerName, Json], Evaluation]

NOW = {"S": "2026-01-02T03:04:05.678Z"}
STAMPS = {
    "createdAt": NOW,
    "updatedAt": NOW,
    "version": {"N": 1},
    "updatedIn": {"S": "eu-west-1"},
}
NEW = {"expression": "(attribute_not_exists(#id))", "expressionNames": {"#id": "id"}}


def context(model: str = "ItemsModel", **input: Json) -> Json:
    return {
        "arguments": {"input": input},
        "env": {"REGION": "eu-west-1", **KEYS, **OWNERS},
        "info": {"fieldName": f"create{model}"},
        "stash": {},
    }


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


@pytest.mark.parametrize(
    ("model", "input", "key"),
    [
        (
            "Order",
            {"customer": "c", "number": 7, "id": "o"},
            {"customer": {"S": "c"}, "number": {"N": 7}},
        ),
        ("Part", {"code": "p", "id": "o"}, {"code": {"S": "p"}}),
    ],
)
def test_a_key_of_other_fields_is_taken_from_the_input(
    resolver: Resolver, model: str, input: Json, key: Json
) -> None:
    request = resolver("create", HandlerName.REQUEST, context(model, **input)).result

    assert request["key"] == key
    assert request["attributeValues"] == {"id": {"S": "o"}, **STAMPS}
    partition = next(iter(key))
    assert request["condition"] == {
        "expression": f"(attribute_not_exists(#{partition}))",
        "expressionNames": {f"#{partition}": partition},
    }


def test_no_id_is_made_up_where_it_is_not_in_the_key(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context("Part", code="p")).result

    assert request["attributeValues"] == STAMPS


def test_an_id_that_is_half_of_a_key_is_made_up(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context("Visit", at=5)).result

    assert request["key"]["at"] == {"N": 5}
    assert len(request["key"]["id"]["S"]) == 36


def test_a_model_is_not_taken_for_one_whose_name_it_ends_or_begins_with(resolver: Resolver) -> None:
    for model in ("Ord", "OrderPart", "rder"):
        request = resolver("create", HandlerName.REQUEST, context(model, id="a")).result

        assert request["key"] == {"id": {"S": "a"}}


def test_a_null_is_not_stored(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context(id="a", item=None)).result

    assert request["attributeValues"] == STAMPS


def test_the_created_item_is_returned(resolver: Resolver) -> None:
    item = {"id": "a", "item": "b"}

    evaluation = resolver("create", HandlerName.RESPONSE, {**context(), "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_id_that_is_taken_is_reported(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}

    evaluation = resolver(
        "create", HandlerName.RESPONSE, {**context(id="Item001"), "error": failed}
    )

    assert evaluation.error == HandlerError("an item with id Item001 exists already", type)


def test_a_key_of_two_fields_that_is_taken_is_reported(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}
    given = context("Order", customer="c", number=7, note="n")

    evaluation = resolver("create", HandlerName.RESPONSE, {**given, "error": failed})

    message = "an item with customer c and number 7 exists already"
    assert evaluation.error == HandlerError(message, type)


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:ThrottlingException", "message": "slow down"}

    evaluation = resolver("create", HandlerName.RESPONSE, {**context(id="a"), "error": failed})

    assert evaluation.error == HandlerError("slow down", "DynamoDB:ThrottlingException")
