from __future__ import annotations

from collections.abc import Callable

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .keys import OWNERS

Resolver = Callable[[str, HandlerName, Json], Evaluation]

CONTEXT = {
    "arguments": {"input": {"id": "a"}},
    "env": dict(OWNERS),
    "info": {"fieldName": "deleteItemsModel"},
    "stash": {},
}


def test_an_item_is_deleted_by_its_id(resolver: Resolver) -> None:
    assert resolver("delete", HandlerName.REQUEST, CONTEXT) == Evaluation(
        result={"operation": "DeleteItem", "key": {"id": {"S": "a"}}}
    )


def test_a_key_of_two_fields_is_the_input(resolver: Resolver) -> None:
    input: Json = {"customer": "c", "number": 7}
    context = {**CONTEXT, "arguments": {"input": input}, "result": None}

    evaluation = resolver("delete", HandlerName.REQUEST, context)
    missing = resolver("delete", HandlerName.RESPONSE, context)

    assert evaluation.result["key"] == {"customer": {"S": "c"}, "number": {"N": 7}}
    assert missing.error == HandlerError(
        "there is no item with customer c and number 7", "DynamoDB:ConditionalCheckFailedException"
    )


def test_the_deleted_item_is_returned(resolver: Resolver) -> None:
    item = {"id": "a", "item": "b"}

    evaluation = resolver("delete", HandlerName.RESPONSE, {**CONTEXT, "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_item_that_does_not_exist_is_reported(resolver: Resolver) -> None:
    evaluation = resolver("delete", HandlerName.RESPONSE, {**CONTEXT, "result": None})

    type = "DynamoDB:ConditionalCheckFailedException"
    assert evaluation.error == HandlerError("there is no item with id a", type)


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("delete", HandlerName.RESPONSE, {**CONTEXT, "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")
