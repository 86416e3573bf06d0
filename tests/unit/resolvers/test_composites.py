"""Sort keys of several fields: the attribute that holds them is kept right by every write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.ports import HandlerError, HandlerName, Json
from tests.examples import percent

from .models import ENVIRONMENT
from .served import Refused, Resolver, Table
from .test_update import written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY: Json = {"room": "r", "sentAt": 7, "sender": "ada"}


def context(mutation: str, **input: Json) -> Json:
    return {
        "arguments": {"input": input},
        "env": ENVIRONMENT,
        "info": {"fieldName": mutation, "parentTypeName": "Mutation"},
        "stash": {},
    }


def lacking(index: str, field: str) -> HandlerError:
    return HandlerError(
        f"When updating any part of the composite sort key for @index '{index}', you must provide "
        f"all fields for the key. Missing key: '{field}'.",
        "BadRequest",
    )


def test_a_new_item_has_its_key_joined_and_its_fields_beside(resolver: Resolver) -> None:
    given = context("createMessage", **KEY, country="c", topic="t", price=1.5)

    request = resolver("create", HandlerName.REQUEST, given).result

    assert request["key"] == {"room": {"S": "r"}, "sentAt#sender": {"S": "7#ada"}}
    stored = request["attributeValues"]
    assert {name: stored[name] for name in stored if "updated" not in name} == {
        "sentAt": {"N": 7},
        "sender": {"S": "ada"},
        "country": {"S": "c"},
        "topic": {"S": "t"},
        "price": {"N": 1.5},
        "topic#price": {"S": "t#1.5"},
        "sender#price": {"S": "ada#1.5"},
        "createdAt": {"S": "2026-01-02T03:04:05.678Z"},
        "version": {"N": 1},
    }


def test_a_new_item_that_lacks_a_part_is_not_in_the_index(resolver: Resolver) -> None:
    given = context("createMessage", **KEY, topic="t", price=None)

    stored = resolver("create", HandlerName.REQUEST, given).result["attributeValues"]

    assert [name for name in stored if "#" in name] == []


def test_an_update_of_all_parts_writes_the_key_anew(resolver: Resolver) -> None:
    given = context("updateMessage", **KEY, topic="t", price=2)

    changes = written(resolver("update", HandlerName.REQUEST, given).result)

    assert changes["topic#price"] == ("SET", {"S": "t#2"})
    # Of its own key an item knows the parts.
    assert changes["sender#price"] == ("SET", {"S": "ada#2"})
    assert not changes.keys() & {"room", "sentAt", "sender", "sentAt#sender"}


def test_an_update_of_some_parts_is_refused(resolver: Resolver) -> None:
    given = context("updateMessage", **KEY, price=2)

    evaluation = resolver("update", HandlerName.REQUEST, given)

    assert evaluation.error == lacking("byCountry", "topic")


def test_an_update_of_no_part_leaves_the_key(resolver: Resolver) -> None:
    given = context("updateMessage", **KEY, text="x", country="d")

    changes = written(resolver("update", HandlerName.REQUEST, given).result)

    assert [name for name in changes if "#" in name] == []


@pytest.mark.parametrize("parts", [{"price": None}, {"price": None, "topic": "t"}])
def test_a_part_that_is_removed_removes_the_key(resolver: Resolver, parts: Json) -> None:
    given = context("updateMessage", **KEY, **parts)

    changes = written(resolver("update", HandlerName.REQUEST, given).result)

    assert changes["topic#price"] == changes["sender#price"] == ("REMOVE", None)


def test_a_stamp_in_a_key_is_written_at_each_update(resolver: Resolver) -> None:
    given = context("updateSheet", id="a", mood="m", price=3)

    changes = written(resolver("update", HandlerName.REQUEST, given).result)
    without = resolver("update", HandlerName.REQUEST, context("updateSheet", id="a", mood="m"))

    assert changes["price#updatedAt"] == ("SET", {"S": "3#2026-01-02T03:04:05.678Z"})
    assert without.error == lacking("byMood", "price")


# -- Any writes ---------------------------------------------------------------------------------

PARTS = ("country", "topic", "price")
_inputs = st.fixed_dictionaries(
    {"sender": st.sampled_from("ab")},
    optional={
        "country": st.sampled_from([None, "c", "d"]),
        "topic": st.sampled_from([None, "t", "tt"]),
        "price": st.sampled_from([None, 1, 12]),
    },
)
WRITES = st.lists(st.tuples(st.sampled_from(["create", "update", "delete"]), _inputs), max_size=8)


@pytest.fixture
def table(dynamodb: DynamoDBClient, resolver: Resolver) -> Iterator[Table]:
    indexes = {"byCountry": ["country", "topic#price"], "bySender": ["topic", "sender#price"]}
    table = Table(dynamodb, resolver, ["room", "sentAt#sender"], indexes)
    yield table
    table.drop()


@given(writes=WRITES)
@settings(
    max_examples=percent(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_writes_each_item_is_found_by_what_it_is(
    table: Table, writes: list[tuple[str, dict[str, Json]]]
) -> None:
    table.clear()
    items: dict[str, dict[str, Json]] = {}
    for number, (mutation, values) in enumerate(writes):
        sender = values["sender"]
        key = {"room": "r", "sentAt": "2026", "sender": sender}
        # AppSync calls it no failure to create what is there to the letter.
        input = key if mutation == "delete" else {**values, **key, "text": str(number)}
        why = _refusal(mutation, input, is_there=sender in items)
        if why:
            with pytest.raises(Refused) as refused:
                _write(table, mutation, input)
            assert refused.value.error.type == why
            continue
        _write(table, mutation, input)
        before = items.pop(sender, {})
        if mutation != "delete":
            items[sender] = {n: v for n, v in {**before, **input}.items() if v is not None}

    whole = [item for item in items.values() if all(part in item for part in PARTS)]
    for country in "cd":
        of_country = [item for item in whole if item["country"] == country]
        assert _senders(table, country=country) == _names(of_country)
        for topic in ("t", "tt"):
            for price in (1, 12):
                parts = {"topic": topic, "price": price}
                those = [each for each in of_country if parts.items() <= each.items()]
                found = _senders(table, country=country, topicPrice={"eq": parts})
                assert found == _names(those)


def _write(table: Table, mutation: str, input: Json) -> None:
    table.serve(mutation, f"{mutation}Message", {"input": input}, parent="Mutation")


def _refusal(mutation: str, input: dict[str, Json], *, is_there: bool) -> str | None:
    """The type of the error that a write ends with."""
    parts = [input[part] for part in ("topic", "price") if part in input]
    if mutation == "update" and len(parts) == 1 and parts != [None]:
        return "BadRequest"
    if is_there is (mutation == "create"):
        return "DynamoDB:ConditionalCheckFailedException"
    return None


def _names(items: list[dict[str, Json]]) -> list[str]:
    return sorted(item["sender"] for item in items)


def _senders(table: Table, **arguments: Json) -> list[str]:
    found: list[dict[str, Json]] = table.serve("list", "messagesByCountry", arguments)["items"]
    return _names(found)
