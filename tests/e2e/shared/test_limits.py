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


async def test_a_query_deeper_than_the_templates_limit_is_refused(ireland: WorldRegion) -> None:
    """Shows the limit by an introspection: models cannot refer to one another in a circle."""
    status, answer = await post(ireland, request(deep(20)))
    assert (status, "errors" in answer) == (200, False)
    status, answer = await post(ireland, request(deep(21)))
    assert (status, answer["data"]) == (200, None)
    assert [error["message"] for error in answer["errors"]] == [
        "Query depth is 21, the API's limit is 20."
    ]


async def test_aliases_do_not_raise_the_limit_of_resolvers(ireland: WorldRegion) -> None:
    status, answer = await post(ireland, request(many(50)))
    assert (status, "errors" in answer) == (200, False)
    status, answer = await post(ireland, request(many(51)))
    assert status == 200
    assert [error["errorType"] for error in answer["errors"]] == ["ResolverExecutionLimitReached"]
