"""Adding to numbers and sets as they are, without reading them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.ports import HandlerError, HandlerName, Json
from tests.examples import percent

from .expressions import shown
from .models import ENVIRONMENT
from .served import Refused, Resolver, Table
from .test_update import written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST, LEAST = 2**31 - 1, -(2**31)
FAILED = "DynamoDB:ConditionalCheckFailedException"


def context(add: Json, mutation: str = "updatePost", **input: Json) -> Json:
    return {
        "arguments": {"input": {"id": "a", **input}, "add": add},
        "env": ENVIRONMENT,
        "info": {"fieldName": mutation, "parentTypeName": "Mutation"},
        "stash": {},
    }


def test_what_is_added_is_added_by_dynamodb(resolver: Resolver) -> None:
    add = {"likes": 2, "weight": -0.5, "tags": ["x", "y"], "days": [3]}

    changes = written(resolver("update", HandlerName.REQUEST, context(add, title="t")).result)

    assert {name: changes[name] for name in ("title", *add, "version")} == {
        "title": ("SET", {"S": "t"}),
        "likes": ("ADD", {"N": 2}),
        "weight": ("ADD", {"N": -0.5}),
        "tags": ("ADD", {"SS": ["x", "y"]}),
        "days": ("ADD", {"NS": [3]}),
        "version": ("ADD", {"N": 1}),
    }


@pytest.mark.parametrize(
    "add", [None, {}, {"likes": None, "tags": None}, {"tags": [], "days": [None]}]
)
def test_nothing_is_added_where_nothing_is_given(resolver: Resolver, add: Json) -> None:
    request = resolver("update", HandlerName.REQUEST, context(add)).result

    assert sorted(written(request)) == ["updatedAt", "updatedIn", "version"]
    assert shown(request["condition"]) == "attribute_exists(id)"


@pytest.mark.parametrize(
    ("added", "most"), [(1, "likes <= 2147483646"), (-3, "likes >= -2147483645")]
)
def test_an_int_stays_one(resolver: Resolver, added: int, most: str) -> None:
    request = resolver("update", HandlerName.REQUEST, context({"likes": added, "weight": 1})).result

    assert shown(request["condition"]) == (
        f"attribute_exists(id) AND (attribute_not_exists(likes) OR {most})"
    )


def test_that_an_int_would_be_too_large_is_said(resolver: Resolver) -> None:
    failed = {"type": FAILED, "message": "The conditional request failed"}

    evaluation = resolver(
        "update", HandlerName.RESPONSE, {**context({"likes": 1}), "error": failed}
    )

    assert evaluation.error == HandlerError(
        "there is no item with id a, or a number would leave the bounds of an Int", FAILED
    )


@pytest.mark.parametrize("value", [1, None])
def test_what_is_written_is_not_added_to(resolver: Resolver, value: Json) -> None:
    evaluation = resolver("update", HandlerName.REQUEST, context({"likes": 1}, likes=value))

    assert evaluation.error == HandlerError(
        "likes is in input and in add: it is either written or added to", "BadRequest"
    )


def test_a_set_is_written_without_nulls_and_doubles(resolver: Resolver) -> None:
    sets: dict[str, Json] = {"tags": ["b", None, "a", "b"], "days": [1, 1]}
    stored = {"tags": {"SS": ["b", "a"]}, "days": {"NS": [1]}}

    created = resolver("create", HandlerName.REQUEST, context(None, "createPost", **sets)).result
    updated = written(resolver("update", HandlerName.REQUEST, context(None, **sets)).result)

    assert {name: created["attributeValues"][name] for name in sets} == stored
    assert {name: updated[name] for name in sets} == {
        name: ("SET", value) for name, value in stored.items()
    }


def test_an_empty_set_is_none(resolver: Resolver) -> None:
    sets: dict[str, Json] = {"tags": [], "days": [None]}

    created = resolver("create", HandlerName.REQUEST, context(None, "createPost", **sets)).result
    updated = written(resolver("update", HandlerName.REQUEST, context(None, **sets)).result)

    assert not created["attributeValues"].keys() & sets.keys()
    assert updated["tags"] == updated["days"] == ("REMOVE", None)


def test_more_than_a_loop_can_work_through_is_refused(resolver: Resolver) -> None:
    add = {"tags": [str(each) for each in range(200)], "days": [*range(101)]}

    evaluation = resolver("update", HandlerName.REQUEST, context(add))

    assert evaluation.error == HandlerError(
        "days has more values than can be written to sets at once: write 300 at a time",
        "BadRequest",
    )


# -- Any writes ---------------------------------------------------------------------------------

_ints = st.integers(-5, 5) | st.sampled_from([MOST, LEAST])
_sets = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=3)
WRITES = st.lists(
    st.tuples(
        st.booleans(),
        st.fixed_dictionaries({}, optional={"likes": st.none() | _ints, "tags": st.none() | _sets}),
    ),
    max_size=8,
)


@pytest.fixture
def table(dynamodb: DynamoDBClient, resolver: Resolver) -> Iterator[Table]:
    table = Table(dynamodb, resolver, ["id"])
    yield table
    table.drop()


@given(writes=WRITES)
@settings(
    max_examples=percent(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_writes_a_number_is_the_sum_and_a_set_has_all(
    table: Table, writes: list[tuple[bool, dict[str, Json]]]
) -> None:
    table.clear()
    table.serve("create", "createPost", {"input": {"id": "a"}}, parent="Mutation")
    likes: int | None = None
    tags: set[str] = set()
    for is_added, values in writes:
        arguments: Json = {"input": {"id": "a"}, "add": values}
        if not is_added:
            arguments = {"input": {"id": "a", **values}}
        number = values.get("likes")
        total = (likes or 0) + (number or 0)
        if is_added and number is not None and not LEAST <= total <= MOST:
            with pytest.raises(Refused) as refused:
                table.serve("update", "updatePost", arguments, parent="Mutation")
            assert refused.value.error.type == FAILED
            continue
        table.serve("update", "updatePost", arguments, parent="Mutation")
        if is_added:
            likes = likes if number is None else total
            tags |= {*(values.get("tags") or ())}
        else:
            likes = values.get("likes", likes)
            tags = {*(values["tags"] or ())} if "tags" in values else tags

    item = table.serve("get", "getPost", {"id": "a"})
    assert item.get("likes") == likes
    assert {*item.get("tags", [])} == tags
