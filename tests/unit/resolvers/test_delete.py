from __future__ import annotations

from collections.abc import Callable

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

CONTEXT = {
    "arguments": {"input": {"id": "a"}},
    "env": ENVIRONMENT,
    "info": {"fieldName": "deleteItemsModel", "parentTypeName": "Mutation"},
    "stash": {},
}


def test_an_item_is_deleted_by_its_id(resolver: Resolver) -> None:
    assert resolver("delete", HandlerName.REQUEST, CONTEXT) == Evaluation(
        result={"operation": "DeleteItem", "key": {"id": {"S": "a"}}}
    )


def test_a_key_of_two_fields_is_the_input(resolver: Resolver) -> None:
    input: Json = {"customer": "c", "number": 7}
    info = {"fieldName": "deleteOrder"}
    context = {**CONTEXT, "arguments": {"input": input}, "info": info, "result": None}

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


def test_a_composite_key_is_joined(resolver: Resolver) -> None:
    input: Json = {"room": "r", "sentAt": "2026", "sender": "ada"}
    context = {**CONTEXT, "arguments": {"input": input}, "info": {"fieldName": "deleteMessage"}}

    request = resolver("delete", HandlerName.REQUEST, context).result

    assert request["key"] == {"room": {"S": "r"}, "sentAt#sender": {"S": "2026#ada"}}


def test_a_condition_is_asked_and_reported(resolver: Resolver) -> None:
    condition: Json = {"version": {"eq": 3}}
    context = {**CONTEXT, "arguments": {"input": {"id": "a"}, "condition": condition}}
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}

    request = resolver("delete", HandlerName.REQUEST, context).result
    unmet = resolver("delete", HandlerName.RESPONSE, {**context, "error": failed})
    missing = resolver("delete", HandlerName.RESPONSE, {**context, "result": None})

    assert shown(request["condition"]) == "version = 3"
    assert unmet.error == HandlerError(
        "The conditional request failed: there is no item with id a, or the condition does not "
        "hold",
        type,
    )
    # Whether another's item is there is not told.
    assert missing.error == unmet.error


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("delete", HandlerName.RESPONSE, {**CONTEXT, "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")
