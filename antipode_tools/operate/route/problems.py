"""Why routes cannot be set: what they name, and what the store takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from antipode_tools.operate.route.countries import CONTINENT_OF, CONTINENTS
from antipode_tools.operate.route.keys import ROUTES, encode
from antipode_tools.operate.route.routes import Routes, Weights

MOST_WEIGHT = 1_000

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-keyvaluestores
MOST_VALUE_BYTES = 1024

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*")


def problems(routes: Routes) -> list[str]:
    """Why these routes cannot be set; empty if they can."""
    return [
        *_of_regions(routes),
        *(f"there is no continent {code}: {_CODES}" for code in _others(routes.continents, _FEW)),
        *(f"there is no country {code}" for code in _others(routes.countries, _MANY)),
        *(each for key, weights in routes.rules.items() for each in _of_weights(key, weights)),
        *(each for key, weights in routes.rules.items() for each in _strays(key, weights, routes)),
        *_too_long(routes),
    ]


_FEW, _MANY = frozenset(CONTINENTS), frozenset(CONTINENT_OF)
_CODES = f"they are {', '.join(CONTINENTS)}"


def _of_regions(routes: Routes) -> Iterator[str]:
    if not routes.regions:
        yield "there is no Region: name at least one in regions"
    for name, domain in routes.regions.items():
        if not _DOMAIN.fullmatch(domain):
            yield f"{name} cannot be reached as {domain!r}: write a domain name, with no port"
    for name in routes.drained:
        if name not in routes.regions:
            yield f"{name} cannot be drained: the Regions are {', '.join(routes.regions)}"


def _others(codes: Mapping[str, Weights], known: frozenset[str]) -> list[str]:
    return [code for code in codes if code not in known]


def _of_weights(key: str, weights: Weights) -> Iterator[str]:
    if not any(weight > 0 for weight in weights.values()):
        yield f"{key} sends nobody anywhere: give a Region a weight above 0"
    for name, weight in weights.items():
        if not 0 <= weight <= MOST_WEIGHT:
            yield f"{key} gives {name} the weight {weight}: it must be between 0 and {MOST_WEIGHT}"


def _strays(key: str, weights: Weights, routes: Routes) -> Iterator[str]:
    known = ", ".join(routes.regions) or "none"
    for name in weights:
        if name not in routes.regions:
            yield f"{key} names {name}, which is not one of the Regions: {known}"


def _too_long(routes: Routes) -> Iterator[str]:
    """Measured with every Region drained: a drain must never fail for want of room."""
    for key, value in encode(replace(routes, drained=tuple(routes.regions))).items():
        if (size := len(value.encode())) > MOST_VALUE_BYTES:
            remedy = "fewer Regions or rules of countries" if key == ROUTES else "fewer Regions"
            yield f"{key} takes {size} bytes, and the store allows {MOST_VALUE_BYTES}: use {remedy}"
