"""How the edge's store holds routes.

The keys and values are those that the function in edge/template.yaml reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from antipode_tools.operate.route.routes import CONTINENT, COUNTRY, Routes, Weights

# What every request needs is under one key, so that the function needs one read for it.
ROUTES = "routes"


class UnreadableError(ValueError):
    """A value in the store is not what the function understands."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(f"the store's {key} cannot be read: {value}")


def encode(routes: Routes) -> dict[str, str]:
    """The keys and values that the store holds for routes."""
    continents = {code: weights for code, weights in routes.continents.items() if weights}
    countries = {code: weights for code, weights in routes.countries.items() if weights}
    parts = {
        "regions": dict(routes.regions),
        "drained": sorted(routes.drained),
        "default": dict(routes.default),
        "continents": " ".join(sorted(continents)),
        "countries": " ".join(sorted(countries)),
    }
    listed = Routes(continents=continents, countries=countries)
    return {ROUTES: _text({name: part for name, part in parts.items() if part})} | {
        key: _text(dict(weights)) for key, weights in listed.rules.items() if weights
    }


def decode(keys: Mapping[str, str]) -> Routes:
    """The routes that a store holds; keys that they do not list are passed over.

    Raises:
        UnreadableError
    """
    document = _object(keys, ROUTES)
    try:
        return Routes(
            regions=_named(document.get("regions", {}), str),
            default=_named(document.get("default", {}), int),
            drained=_names(document.get("drained", [])),
            continents=_rules(keys, CONTINENT, document),
            countries=_rules(keys, COUNTRY, document),
        )
    except _MisshapenError as error:
        raise UnreadableError(ROUTES, keys[ROUTES]) from error


def is_ours(key: str) -> bool:
    """Whether a key of the store is one that the function may read."""
    return key == ROUTES or key.startswith((CONTINENT, COUNTRY))


def described(keys: Mapping[str, str]) -> dict[str, str]:
    """Keys and values for people, with each part of the routes by itself.

    Which places have a rule is left out: the rules themselves are there.
    """
    rules = {key: value for key, value in keys.items() if key != ROUTES}
    try:
        routes = decode({ROUTES: keys[ROUTES]}) if ROUTES in keys else Routes()
    except UnreadableError:
        return dict(keys)
    parts = {"regions": routes.regions, "drained": routes.drained, "default": routes.default}
    return {name: _text(part) for name, part in parts.items() if part} | rules


class _MisshapenError(Exception):
    """A part of a value is not what it should be."""


def _rules(keys: Mapping[str, str], prefix: str, document: Mapping[str, Any]) -> dict[str, Weights]:
    """The rules that are listed. One whose key is missing is no rule to the function, either."""
    listed = document.get("continents" if prefix == CONTINENT else "countries", "")
    if not isinstance(listed, str):
        raise _MisshapenError
    return {code: _weights(keys, prefix + code) for code in listed.split() if prefix + code in keys}


def _weights(keys: Mapping[str, str], key: str) -> Weights:
    try:
        return _named(_object(keys, key), int)
    except _MisshapenError as error:
        raise UnreadableError(key, keys[key]) from error


def _object(keys: Mapping[str, str], key: str) -> dict[str, Any]:
    text = keys.get(key, "{}")
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise UnreadableError(key, text) from error
    if not isinstance(value, dict):
        raise UnreadableError(key, text)
    return value


def _named(value: object, kind: type) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(type(each) is kind for each in value.values()):
        raise _MisshapenError
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _MisshapenError
    return tuple(value)


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
