"""What routes are, and how the edge's store holds them.

The keys are those that the function in edge/template.yaml reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from antipode_tools.operate.route.countries import CONTINENT_OF, CONTINENTS

# A Region's share is its weight's share of all weights.
Weights = Mapping[str, int]

MOST_WEIGHT = 1_000

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-keyvaluestores
MOST_VALUE_BYTES = 1024

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*")

_REGIONS, _DRAINED, _DEFAULT = "regions", "drained", "default"
_CONTINENT, _COUNTRY = "continent:", "country:"


@dataclass(frozen=True)
class Routes:
    """Which Region serves whom.

    Args:
        regions: each Region and its own AppSync domain.
        default: for every country that has no rule.
        drained: the Regions that are passed over.
    """

    regions: Mapping[str, str] = field(default_factory=dict)
    default: Weights = field(default_factory=dict)
    continents: Mapping[str, Weights] = field(default_factory=dict)
    countries: Mapping[str, Weights] = field(default_factory=dict)
    drained: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """The Regions that are not drained."""
        return tuple(name for name in self.regions if name not in self.drained)

    @property
    def rules(self) -> dict[str, Weights]:
        """Every rule by its key in the store."""
        return {
            _DEFAULT: self.default,
            **{f"{_CONTINENT}{code}": weights for code, weights in self.continents.items()},
            **{f"{_COUNTRY}{code}": weights for code, weights in self.countries.items()},
        }


class UnreadableError(ValueError):
    """A value in the store is not what the function understands."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(f"the store's {key} cannot be read: {value}")


def encode(routes: Routes) -> dict[str, str]:
    """The keys and values that the store holds for routes."""
    values: dict[str, object] = {_REGIONS: dict(routes.regions)}
    if routes.drained:
        values[_DRAINED] = sorted(routes.drained)
    values |= {key: dict(weights) for key, weights in routes.rules.items() if weights}
    return {key: json.dumps(value, separators=(",", ":")) for key, value in values.items()}


def decode(keys: Mapping[str, str]) -> Routes:
    """The routes that a store holds; keys that are not ours are passed over.

    Raises:
        UnreadableError
    """
    return Routes(
        regions=_named(keys, _REGIONS, str),
        default=_named(keys, _DEFAULT, int),
        continents={code: _named(keys, key, int) for key, code in _below(keys, _CONTINENT)},
        countries={code: _named(keys, key, int) for key, code in _below(keys, _COUNTRY)},
        drained=_drained(keys),
    )


def is_ours(key: str) -> bool:
    """Whether a key of the store is one that the function reads."""
    return key in {_REGIONS, _DRAINED, _DEFAULT} or key.startswith((_CONTINENT, _COUNTRY))


def problems(routes: Routes) -> list[str]:
    """Why these routes cannot be; empty where they can."""
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
            yield f"{name} cannot be drained: it is none of {', '.join(routes.regions)}"


def _others(codes: Mapping[str, Weights], known: frozenset[str]) -> list[str]:
    return [code for code in codes if code not in known]


def _of_weights(key: str, weights: Weights) -> Iterator[str]:
    if not any(weight > 0 for weight in weights.values()):
        yield f"{key} sends nobody anywhere: give a Region a weight above 0"
    for name, weight in weights.items():
        if not 0 <= weight <= MOST_WEIGHT:
            yield f"{key} gives {name} the weight {weight}: it must be between 0 and {MOST_WEIGHT}"


def _strays(key: str, weights: Weights, routes: Routes) -> Iterator[str]:
    for name in weights:
        if name not in routes.regions:
            yield f"{key} names {name}, which is none of {', '.join(routes.regions) or 'any'}"


def _too_long(routes: Routes) -> Iterator[str]:
    for key, value in encode(routes).items():
        if (size := len(value.encode())) > MOST_VALUE_BYTES:
            yield f"{key} takes {size} bytes, and the store {MOST_VALUE_BYTES}: use fewer Regions"


def _named(keys: Mapping[str, str], key: str, kind: type) -> dict[str, Any]:
    value = _parsed(key, keys.get(key, "{}"))
    if not isinstance(value, dict) or not all(type(each) is kind for each in value.values()):
        raise UnreadableError(key, keys[key])
    return value


def _drained(keys: Mapping[str, str]) -> tuple[str, ...]:
    value = _parsed(_DRAINED, keys.get(_DRAINED, "[]"))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UnreadableError(_DRAINED, keys[_DRAINED])
    return tuple(value)


def _parsed(key: str, value: str) -> object:
    try:
        parsed: object = json.loads(value)
    except ValueError as error:
        raise UnreadableError(key, value) from error
    return parsed


def _below(keys: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(key, key.removeprefix(prefix)) for key in sorted(keys) if key.startswith(prefix)]
