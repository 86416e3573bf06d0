from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]


def context(model: str = "ItemsModel", **input: Json) -> Json:
    return {
        "arguments": {"input": input},
        "env": {**ENVIRONMENT, "REGION": "ap-southeast-2"},
        "info": {"fieldName": f"update{model}", "parentTypeName": "Mutation"},
        "stash": {},
    }


def written(request: Json) -> dict[str, Json]:
    """What an update does to each attribute: (verb, value), by the attribute's own name."""
    update = request["update"]
    changes: dict[str, Json] = {}
    verb = ""
    for word in update["expression"].replace(",", " ").replace("=", " ").split():
        if word in {"SET", "ADD", "REMOVE"}:
            verb = word
        elif word.startswith("#"):
            name = update["expressionNames"][word]
            changes[name] = (verb, None)
        else:
            changes[name] = (verb, update["expressionValues"][word])
    return changes


def test_the_fields_of_the_input_are_set_and_the_version_is_counted_up(resolver: Resolver) -> None:
    request = resolver("update", HandlerName.REQUEST, context(id="a", item="new")).result

    assert written(request) == {
        "item": ("SET", {"S": "new"}),
        "updatedAt": ("SET", {"S": "2026-01-02T03:04:05.678Z"}),
        "updatedIn": ("SET", {"S": "ap-southeast-2"}),
        "version": ("ADD", {"N": 1}),
    }


def test_a_version_of_the_types_own_is_not_counted_up(resolver: Resolver) -> None:
    stamped = {"updatedAt", "updatedIn"}
    for version, added in (({}, {}), ({"version": "2"}, {}), ({}, {"likes": 1})):
        given = context("Release", id="a", **version)
        given["arguments"]["add"] = added
        changes = written(resolver("update", HandlerName.REQUEST, given).result)
        assert set(changes) == {*stamped, *version, *added}
        assert {each: changes[each][0] for each in (*version, *added)} == {
            **dict.fromkeys(version, "SET"),
            **dict.fromkeys(added, "ADD"),
        }


def test_only_an_item_that_exists_is_updated(resolver: Resolver) -> None:
    request = resolver("update", HandlerName.REQUEST, context(id="a", item="new")).result

    assert request["operation"] == "UpdateItem"
    assert request["key"] == {"id": {"S": "a"}}
    assert shown(request["condition"]) == "attribute_exists(id)"


def test_a_key_of_two_fields_is_taken_from_the_input(resolver: Resolver) -> None:
    given = context("Order", number=7, customer="c", id="x")

    request = resolver("update", HandlerName.REQUEST, given).result

    assert request["key"] == {"number": {"N": 7}, "customer": {"S": "c"}}
    assert shown(request["condition"]) == "attribute_exists(customer)"
    assert written(request)["id"] == ("SET", {"S": "x"})


def test_a_nested_value_is_replaced_whole(resolver: Resolver) -> None:
    lines = [{"product": "tea", "quantity": 2}]

    request = resolver(
        "update", HandlerName.REQUEST, context(id="a", lines=lines, at={"x": 1})
    ).result

    assert written(request)["lines"] == (
        "SET",
        {"L": [{"M": {"product": {"S": "tea"}, "quantity": {"N": 2}}}]},
    )
    assert written(request)["at"] == ("SET", {"M": {"x": {"N": 1}}})


def test_a_null_removes_its_field(resolver: Resolver) -> None:
    request = resolver("update", HandlerName.REQUEST, context(id="a", item=None)).result

    assert written(request)["item"] == ("REMOVE", None)


@pytest.mark.parametrize("field", ["state", "lines"])
def test_a_null_for_what_the_model_requires_is_refused(resolver: Resolver, field: str) -> None:
    given = context("Order", customer="c", number=7, **{field: None, "note": None})

    evaluation = resolver("update", HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(
        f"{field} is null, and Order requires it: leave it out to keep its value", "BadRequest"
    )


def test_a_null_for_what_another_model_requires_removes_its_field(resolver: Resolver) -> None:
    request = resolver("update", HandlerName.REQUEST, context("Part", code="a", state=None)).result

    assert written(request)["state"] == ("REMOVE", None)


@given(
    values=st.dictionaries(
        st.sampled_from(
            ["one", "saa", "raa", "iaa", "iab", "writer_eq", "_", "id_", "add_version"]
        ),
        st.none() | st.text(max_size=3),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_names_of_fields_get_in_each_others_way(
    resolver: Resolver, values: dict[str, str | None]
) -> None:
    given = context("Note", id="a", **values) | {"identity": {"resolverContext": {"sub": "ada"}}}

    request = resolver("update", HandlerName.REQUEST, given).result

    changes = written(request)
    assert {name: changes[name] for name in values} == {
        name: ("REMOVE", None) if value is None else ("SET", {"S": value})
        for name, value in values.items()
    }
    assert changes["version"] == ("ADD", {"N": 1})
    assert shown(request["condition"]) == "attribute_exists(id) AND writer = 'ada'"
    # DynamoDB gets the names and values of both in one request.
    for part in ("expressionNames", "expressionValues"):
        assert not request["update"][part].keys() & request["condition"][part]


def test_a_field_that_is_left_out_is_left_alone(resolver: Resolver) -> None:
    request = resolver("update", HandlerName.REQUEST, context(id="a")).result

    assert sorted(written(request)) == ["updatedAt", "updatedIn", "version"]


def test_a_condition_is_asked_beside_that_the_item_is_there(resolver: Resolver) -> None:
    given = context(id="a")
    given["arguments"]["condition"] = {"version": {"eq": 3}, "item": {"ne": None}}

    request = resolver("update", HandlerName.REQUEST, given).result

    assert shown(request["condition"]) == (
        "attribute_exists(id) AND version = 3 AND attribute_exists(item)"
    )


def test_a_condition_that_does_not_hold_is_reported(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}
    given = context(id="a")
    given["arguments"]["condition"] = {"version": {"eq": 3}}

    evaluation = resolver("update", HandlerName.RESPONSE, {**given, "error": failed})

    assert evaluation.error == HandlerError(
        "The conditional request failed: there is no item with id a, or the condition does not "
        "hold",
        type,
    )


def test_timestamps_are_the_models(resolver: Resolver) -> None:
    given = context("Product", sku="a", made=None)

    request = resolver("update", HandlerName.REQUEST, given).result

    assert written(request) == {
        "made": ("REMOVE", None),
        "updatedIn": ("SET", {"S": "ap-southeast-2"}),
        "version": ("ADD", {"N": 1}),
    }


@pytest.mark.parametrize(
    ("given", "stored"),
    [(None, "2026-01-02T03:04:05.678Z"), ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")],
)
def test_a_timestamp_that_is_given_is_kept(
    resolver: Resolver, given: str | None, stored: str
) -> None:
    request = resolver("update", HandlerName.REQUEST, context(id="a", updatedAt=given)).result

    assert written(request)["updatedAt"] == ("SET", {"S": stored})


def test_the_updated_item_is_returned(resolver: Resolver) -> None:
    item = {"id": "a", "version": 2}

    evaluation = resolver("update", HandlerName.RESPONSE, {**context(id="a"), "result": item})

    assert evaluation == Evaluation(result=item)


def test_an_item_that_does_not_exist_is_reported(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}

    evaluation = resolver("update", HandlerName.RESPONSE, {**context(id="a"), "error": failed})

    assert evaluation.error == HandlerError("there is no item with id a", type)


def test_a_key_of_two_fields_that_does_not_exist_is_reported(resolver: Resolver) -> None:
    type = "DynamoDB:ConditionalCheckFailedException"
    failed = {"type": type, "message": "The conditional request failed"}
    given = context("Order", customer="c", number=7, note="n")

    evaluation = resolver("update", HandlerName.RESPONSE, {**given, "error": failed})

    message = "there is no item with customer c and number 7"
    assert evaluation.error == HandlerError(message, type)


def test_any_other_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    evaluation = resolver("update", HandlerName.RESPONSE, {**context(id="a"), "error": failed})

    assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")
