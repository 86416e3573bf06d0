from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

NOW = {"S": "2026-01-02T03:04:05.678Z"}
STAMPS = {
    "createdAt": NOW,
    "updatedAt": NOW,
    "version": {"N": 1},
    "updatedIn": {"S": "eu-west-1"},
}


def context(model: str = "ItemsModel", **input: Json) -> Json:
    return {
        "arguments": {"input": input},
        "env": ENVIRONMENT,
        "info": {"fieldName": f"create{model}", "parentTypeName": "Mutation"},
        "stash": {},
    }


def test_an_item_is_put_with_its_stamps_unless_its_id_is_taken(resolver: Resolver) -> None:
    evaluation = resolver("create", HandlerName.REQUEST, context(id="Item001", item="MyItem"))

    assert evaluation == Evaluation(
        result={
            "operation": "PutItem",
            "key": {"id": {"S": "Item001"}},
            "attributeValues": {"item": {"S": "MyItem"}, **STAMPS},
            "condition": {
                "expression": "attribute_not_exists(#iaa)",
                "expressionNames": {"#iaa": "id"},
            },
        }
    )


def test_a_version_of_the_types_own_is_the_clients(resolver: Resolver) -> None:
    for version in ({}, {"version": "1.2"}):
        request = resolver("create", HandlerName.REQUEST, context("Release", id="a", **version))
        attributes = request.result["attributeValues"]
        given = {"version": {"S": "1.2"}} if version else {}
        assert attributes == {**given, **{k: STAMPS[k] for k in STAMPS if k != "version"}}


def test_an_item_without_an_id_is_given_one(resolver: Resolver) -> None:
    for input in ({"item": "MyItem"}, {"id": None, "item": "MyItem"}):
        request = resolver("create", HandlerName.REQUEST, context(**input)).result

        assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", request["key"]["id"]["S"])
        assert shown(request["condition"]) == "attribute_not_exists(id)"


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
    assert shown(request["condition"]) == f"attribute_not_exists({partition})"


def test_no_id_is_made_up_where_it_is_not_in_the_key(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context("Part", code="p")).result

    assert request["attributeValues"] == STAMPS


def test_an_id_that_is_half_of_a_key_is_made_up(resolver: Resolver) -> None:
    request = resolver("create", HandlerName.REQUEST, context("Visit", at=5)).result

    assert request["key"]["at"] == {"N": 5}
    assert len(request["key"]["id"]["S"]) == 36


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


def test_with_a_condition_of_its_own_the_error_tells_of_both(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}
    given = context(id="Item001")
    given["arguments"]["condition"] = {"item": {"ne": "a"}}

    evaluation = resolver("create", HandlerName.RESPONSE, {**given, "error": failed})

    assert evaluation.error == HandlerError(
        "The conditional request failed: an item with id Item001 exists already, or the condition "
        "does not hold",
        type,
    )


def test_a_condition_is_asked_beside_that_the_item_is_new(resolver: Resolver) -> None:
    given = context(id="a")
    given["arguments"]["condition"] = {"or": [{"id": {"eq": "b"}}, {"item": {"eq": None}}]}

    request = resolver("create", HandlerName.REQUEST, given).result

    assert shown(request["condition"]) == (
        "attribute_not_exists(id) AND (id = 'b' OR attribute_not_exists(item))"
    )


def test_what_is_left_out_or_null_has_its_default(resolver: Resolver) -> None:
    given = context("Product", sku="a", open=False, stock=None)

    attributes = resolver("create", HandlerName.REQUEST, given).result["attributeValues"]

    assert attributes == {
        "stock": {"N": 0},
        "open": {"BOOL": False},
        "name": {"S": "nameless; = none"},
        "made": NOW,
        "version": {"N": 1},
        "updatedIn": {"S": "eu-west-1"},
    }


@pytest.mark.parametrize("model", ["ItemsModel", "Product"])
def test_a_timestamp_that_is_given_is_kept(resolver: Resolver, model: str) -> None:
    created = "made" if model == "Product" else "createdAt"
    given = context(model, **{"id": "a", "sku": "a", created: "2020-01-01T00:00:00Z"})

    attributes = resolver("create", HandlerName.REQUEST, given).result["attributeValues"]

    assert attributes[created] == {"S": "2020-01-01T00:00:00Z"}
    assert ("updatedAt" in attributes) is (model == "ItemsModel")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "ab"}, "Field name of type Product must have a minimum length of 3"),
        ({"name": "abC"}, "letters, please"),
        ({"stock": -1}, "Field stock of type Product must be greater than or equal to 0"),
        ({"stock": 10}, "Field stock of type Product must be less than 10"),
    ],
)
@pytest.mark.parametrize("mutation", ["create", "update"])
def test_what_the_model_does_not_take_is_refused(
    resolver: Resolver, mutation: str, values: Json, message: str
) -> None:
    given = context("Product", sku="a", **values)
    given["info"]["fieldName"] = f"{mutation}Product"

    evaluation = resolver(mutation, HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(message, "BadRequest")


@pytest.mark.parametrize("values", [{"name": "abc", "stock": 0}, {"stock": 9}, {"name": None}])
@pytest.mark.parametrize("mutation", ["create", "update"])
def test_what_the_model_takes_passes(resolver: Resolver, mutation: str, values: Json) -> None:
    given = context("Product", sku="a", **values)
    given["info"]["fieldName"] = f"{mutation}Product"

    assert resolver(mutation, HandlerName.REQUEST, given).error is None


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:ThrottlingException", "message": "slow down"}

    evaluation = resolver("create", HandlerName.RESPONSE, {**context(id="a"), "error": failed})

    assert evaluation.error == HandlerError("slow down", "DynamoDB:ThrottlingException")
