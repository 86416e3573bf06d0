from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

CONTEXT = {
    "arguments": {"id": "a"},
    "env": ENVIRONMENT,
    "info": {"fieldName": "getItemsModel", "parentTypeName": "Query"},
    "stash": {},
}


def test_an_item_is_read_consistently(resolver: Resolver) -> None:
    assert resolver("get", HandlerName.REQUEST, CONTEXT) == Evaluation(
        result={"operation": "GetItem", "key": {"id": {"S": "a"}}, "consistentRead": True}
    )


@pytest.mark.parametrize(
    ("model", "arguments", "key"),
    [
        (
            "Order",
            {"customer": "c", "number": 7},
            {"customer": {"S": "c"}, "number": {"N": 7}},
        ),
        (
            "Message",
            {"sender": "ada", "sentAt": 7, "room": "r"},
            {"room": {"S": "r"}, "sentAt#sender": {"S": "7#ada"}},
        ),
    ],
)
def test_a_key_of_several_fields_is_the_arguments(
    resolver: Resolver, model: str, arguments: Json, key: Json
) -> None:
    context = {**CONTEXT, "arguments": arguments, "info": {"fieldName": f"get{model}"}}

    request = resolver("get", HandlerName.REQUEST, context).result

    assert request["key"] == key


def test_a_field_that_the_environment_does_not_know_is_an_error(resolver: Resolver) -> None:
    evaluation = resolver(
        "get", HandlerName.REQUEST, {**CONTEXT, "info": {"fieldName": "getNothing"}}
    )

    assert evaluation.error == HandlerError(
        "the API's environment does not know getNothing: deploy the stack again", "InternalFailure"
    )


@pytest.mark.parametrize("item", [None, {"id": "a", "item": "b"}])
def test_the_item_is_returned_or_null(resolver: Resolver, item: Json) -> None:
    evaluation = resolver("get", HandlerName.RESPONSE, {**CONTEXT, "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("get", HandlerName.RESPONSE, {**CONTEXT, "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")
