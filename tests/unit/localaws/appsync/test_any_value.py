"""Whatever a resolver returns or a client sends: a value, or an error in the service's words."""

from __future__ import annotations

import asyncio
import re

from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync import strict_json
from localaws.appsync.ports import Json
from localaws.appsync.scalars import SCALARS
from tests.unit.localaws.appsync.fakes import World

TYPES = (
    *("Int", "Float", "String", "Boolean", "ID", "Kind", "Part", "Shape", "[Int]", "[[Part!]!]!"),
    *(scalar.name for scalar in SCALARS),
)
SDL = "enum Kind { GOOD } type Part { size: Int! kinds: [Kind!] } input Shape { size: Int! }\n"
TEXTS = st.text("aT:0123456789.-+eE{}[]'\"`@/ é\ud800", max_size=24)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["size", "kinds", "a", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)
OWN_WORDS = re.compile(
    r"Can't serialize value \(/v\S*\) : "
    r"(Expected type '|Unable to serialize `|Invalid input for Enum)"
    r"|Can't resolve value \(/v\S*\) : type mismatch error, expected type LIST"
    r"|Cannot return null for non-nullable type: '"
    r"|Variable '\w+' has coerced Null value"
    r"|Variable '\w+' has an invalid value\. (Expected type '|Unable to parse `|Invalid input)"
    r"|The variables input contains a field name '"
)


def answer(sdl: str, query: str, value: Json, variables: dict[str, Json]) -> Json:
    world = World(sdl=SDL + sdl)
    world.value("Query", "v", value)
    return asyncio.run(world.run(query, variables))


@given(st.sampled_from([name for name in TYPES if name != "Shape"]), ANYTHING)
def test_what_a_resolver_returns_is_rendered_or_refused(type_: str, value: Json) -> None:
    selection = "{ size kinds }" if "Part" in type_ else ""
    body = answer(f"type Query {{ v: {type_} }}", f"{{ v {selection} }}", value, {})
    for error in body.get("errors", ()):
        assert OWN_WORDS.match(error["message"]), error
    assert strict_json.loads(strict_json.encoded(body))


@given(st.sampled_from([name for name in TYPES if "Part" not in name]), ANYTHING)
def test_what_a_client_sends_is_taken_or_refused(type_: str, value: Json) -> None:
    sdl = f"type Query {{ v(a: {type_}): Boolean }}"
    body = answer(sdl, f"query ($a: {type_}) {{ v(a: $a) }}", True, {"a": value})
    for error in body.get("errors", ()):
        assert OWN_WORDS.match(error["message"]), error
    assert strict_json.loads(strict_json.encoded(body))
