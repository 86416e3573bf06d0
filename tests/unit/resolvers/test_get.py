from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .keys import OWNERS

Resolver = Callable[[str, HandlerName, Json], Evaluation]

CONTEXT = {
    "arguments": {"id": "a"},
    "env": dict(OWNERS),
    "info": {"fieldName": "getItemsModel"},
    "stash": {},
}


def test_an_item_is_read_consistently(resolver: Resolver) -> None:
    assert resolver("get", HandlerName.REQUEST, CONTEXT) == Evaluation(
        result={"operation": "GetItem", "key": {"id": {"S": "a"}}, "consistentRead": True}
    )


def test_a_key_of_two_fields_is_the_arguments(resolver: Resolver) -> None:
    context = {**CONTEXT, "arguments": {"customer": "c", "number": 7}}

    request = resolver("get", HandlerName.REQUEST, context).result

    assert request["key"] == {"customer": {"S": "c"}, "number": {"N": 7}}


@pytest.mark.parametrize("item", [None, {"id": "a", "item": "b"}])
def test_the_item_is_returned_or_null(resolver: Resolver, item: Json) -> None:
    evaluation = resolver("get", HandlerName.RESPONSE, {**CONTEXT, "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("get", HandlerName.RESPONSE, {**CONTEXT, "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")
