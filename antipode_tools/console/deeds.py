"""What the page asks of the Regions' APIs, by name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from antipode_tools.console import documents
from antipode_tools.console.api_schema import models, understood, version_of
from antipode_tools.console.asking import ask
from antipode_tools.console.differences import differing
from antipode_tools.console.places import Place, Places
from antipode_tools.console.ready import ready
from antipode_tools.console.rows import shortened
from antipode_tools.console.server import Deed
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from antipode_tools.project.sample import new_key

# JSON.
Json = Any

# Of an answer's texts, which a page must bear.
_MOST_CHARACTERS = 20_000
_PING_WITHIN_S = 3.0


def of_apis(places: Places, where: str, *, has_faults: bool = False) -> Mapping[str, Deed]:
    """Everything about the APIs.

    Args:
        where: the world that the Regions are in, in words.
        has_faults: whether it can be broken, and mended.
    """

    async def regions(_: Json) -> Json:
        """The Regions."""
        told = [{"name": place.name, "code": place.code} for place in places.every]
        return {"where": where, "regions": told, "faults": has_faults}

    async def api(_: Json) -> Json:
        """The models, and ready operations; and which version of the API has them."""
        sdl = (await places.first()).schema
        schema = _understood(sdl)
        return {
            "version": version_of(sdl),
            "models": [asdict(model) for model in models(schema)],
            "ready": [asdict(each) for each in ready(schema, new_key())],
        }

    async def check(asked: Json) -> Json:
        """What is wrong with a document."""
        return asdict(documents.check(await _schema(places), asked["document"]))

    async def send(asked: Json) -> Json:
        """Have a Region answer a document."""
        place = places.named(asked["region"])
        answer = await ask(await place.endpoint(), asked["document"], asked.get("variables"))
        return {**asdict(answer), "body": shortened(answer.body, most=_MOST_CHARACTERS)}

    async def ping(asked: Json) -> Json:
        """Whether a Region answers, and how soon."""
        endpoint = await places.named(asked["region"]).endpoint()
        answer = await ask(endpoint, "{ __typename }", within_s=_PING_WITHIN_S)
        problem = answer.problem or _refusal(answer.body)
        return {"problem": problem, "milliseconds": answer.milliseconds}

    async def item(asked: Json) -> Json:
        """An item in every Region, and where they differ."""
        known = {model.name: model for model in models(await _schema(places))}
        if (model := known.get(asked["model"])) is None:
            raise UsageError(f"this API has no model {asked['model']}")
        key = {name: asked["key"][name] for name in model.key}
        found = await asyncio.gather(*(_item(place, model.get, key) for place in places.every))
        by_region = dict(zip((place.name for place in places.every), found, strict=True))
        there = {name: each["item"] for name, each in by_region.items() if not each["problem"]}
        shown = {
            name: {**each, "item": shortened(each["item"])} for name, each in by_region.items()
        }
        return {"regions": shown, "differing": differing(there)}

    return {
        "regions": regions,
        "api": api,
        "check": check,
        "send": send,
        "ping": ping,
        "item": item,
    }


async def _schema(places: Places) -> GraphQLSchema:
    return _understood((await places.first()).schema)


def _understood(sdl: str) -> GraphQLSchema:
    try:
        return understood(sdl)
    except GraphQLError as error:
        raise OperationError(f"the API's schema cannot be read: {error.message}") from error


async def _item(place: Place, document: str, key: Mapping[str, Json]) -> Json:
    try:
        answer = await ask(await place.endpoint(), document, key)
    except OperationError as error:
        return {"item": None, "problem": str(error)}
    problem = answer.problem or _refusal(answer.body)
    [item] = ((answer.body or {}).get("data") or {"": None}).values() if not problem else [None]
    return {"item": item, "problem": problem}


def _refusal(body: Json) -> str:
    """The first error of an answer, in its words."""
    match body:
        case {"errors": [{"message": str(message)} as error, *_]}:
            return f"{error.get('errorType') or 'error'}: {message}"
        case {"errors": [_, *_]}:
            return "refused"
        case _:
            return ""
