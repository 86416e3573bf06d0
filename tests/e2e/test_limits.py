"""What one request may ask of a stack as it is deployed: the template's limits, held to."""

from __future__ import annotations

from typing import Any

from antipode_tools.project.world_file import WorldRegion
from tests.e2e.by_hand import post, request

# A Region's part of world.json, what a request answers: JSON.
Json = Any


def deep(levels: int) -> str:
    """An introspection that nests this many fields, as only a schema's own types let one do."""
    inside = "name"
    for _ in range(levels - 2):
        inside = f"ofType {{ {inside} }}"
    return f'{{ __type(name: "ItemsModel") {{ {inside} }} }}'


def many(resolvers: int) -> str:
    fields = (f'a{number}: getItemsModel(id: "{number}") {{ id }}' for number in range(resolvers))
    return f"{{ {' '.join(fields)} }}"


async def test_the_schema_can_be_queried_in_the_local_world(ireland: WorldRegion) -> None:
    """Shows that `antipode up` switches introspection on, which the template leaves off."""
    status, answer = await post(ireland, request("{ __schema { queryType { name } } }"))
    assert (status, answer) == (200, {"data": {"__schema": {"queryType": {"name": "Query"}}}})


async def test_no_query_is_so_deep_that_it_reaches_the_limit(ireland: WorldRegion) -> None:
    # Models cannot refer to one another in a circle, so without introspection none can.
    status, answer = await post(ireland, request(deep(21)))
    assert (status, answer["data"]) == (200, None)
    assert answer["errors"][0]["message"].startswith("Validation error of type FieldUndefined")


async def test_aliases_buy_no_more_resolvers_than_the_limit(ireland: WorldRegion) -> None:
    status, answer = await post(ireland, request(many(50)))
    assert (status, "errors" in answer) == (200, False)
    status, answer = await post(ireland, request(many(51)))
    assert status == 200
    assert [error["errorType"] for error in answer["errors"]] == ["ResolverExecutionLimitReached"]
