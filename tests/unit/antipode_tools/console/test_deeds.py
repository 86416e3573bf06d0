"""What the page asks of Regions in memory."""

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.console.api_schema import version_of
from antipode_tools.console.deeds import of_apis
from antipode_tools.console.places import Places
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from tests.fakes.places import SCHEMA, a_lost_place, some

# JSON.
Json = Any
ITEM = {"id": "1", "item": "a", "version": 1}


async def test_the_page_learns_the_regions_and_the_api() -> None:
    with some("ireland") as (places, _):
        sydney = a_lost_place("sydney", "ap-southeast-2")
        deeds = of_apis(Places([sydney, *places.every]), "the local world")
        assert await deeds["regions"]({}) == {
            "where": "the local world",
            "regions": [
                {"name": "sydney", "code": "ap-southeast-2"},
                {"name": "ireland", "code": "code-of-ireland"},
            ],
            "faults": False,
        }
        # Of a Region that is found.
        told = await deeds["api"]({})
        assert told["version"] == version_of(SCHEMA)
        assert [model["name"] for model in told["models"]] == ["ItemsModel"]
        assert told["ready"][0]["name"] == "getItemsModel"
        checked = await deeds["check"]({"document": "{ nothing }"})
        assert checked["problems"][0]["line"] == 1
    with pytest.raises(OperationError, match="the stack is not there"):
        await of_apis(Places([sydney]), "")["api"]({})


async def test_a_schema_without_models_has_none() -> None:
    with some("ireland", schema="type Query { now: String }") as (places, _):
        told = await of_apis(places, "")["api"]({})
    assert told["models"] == []


async def test_a_schema_that_cannot_be_read_is_said_to_be_so() -> None:
    with (
        some("ireland", schema="type Query {") as (places, _),
        pytest.raises(OperationError, match="cannot be read: Syntax Error"),
    ):
        await of_apis(places, "")["api"]({})


async def test_a_document_is_sent_to_the_region_that_is_named() -> None:
    with some("ireland", answers={"ireland": lambda asked: {"data": asked}}) as (places, _):
        deeds = of_apis(places, "")
        sent = {"region": "ireland", "document": "{ a }", "variables": {"x": 1}}
        answer = await deeds["send"](sent)
        assert answer.pop("milliseconds") >= 0
        told = {"query": "{ a }", "variables": {"x": 1}}
        assert answer == {"body": {"data": told}, "problem": ""}
        with pytest.raises(UsageError, match="no Region atlantis"):
            await deeds["send"](sent | {"region": "atlantis"})


async def test_a_region_that_hangs_up_or_refuses_the_key_is_a_problem_of_its_own() -> None:
    refusal = {"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}
    with some(
        "ireland", "sydney", answers={"ireland": lambda _: None, "sydney": lambda _: refusal}
    ) as (
        places,
        _,
    ):
        ping = of_apis(places, "")["ping"]
        assert (await ping({"region": "ireland"}))["problem"].startswith("not reached: ")
        assert (await ping({"region": "sydney"}))["problem"] == "UnauthorizedException: no"


async def test_an_item_is_compared_where_it_can_be_read() -> None:
    def has(item: Json) -> Any:
        return lambda _: {"data": {"getItemsModel": item}}

    answers = {"ireland": has(ITEM), "sydney": has({**ITEM, "item": "b"}), "tokyo": lambda _: None}
    with some("ireland", "sydney", "tokyo", answers=answers) as (places, _):
        item = of_apis(places, "")["item"]
        told = await item({"model": "ItemsModel", "key": {"id": "1"}})
        with pytest.raises(UsageError, match="no model Nothing"):
            await item({"model": "Nothing", "key": {}})
    assert told["differing"] == ["item"]
    assert told["regions"]["ireland"] == {"item": ITEM, "problem": ""}
    assert told["regions"]["tokyo"]["problem"].startswith("not reached")
