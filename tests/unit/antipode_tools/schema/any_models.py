"""Any models' file that the schema compiler takes."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from antipode_tools.schema.scalars import SCALARS

KEYS = sorted(name for name, scalar in SCALARS.items() if scalar.key_type)
WRAPPINGS = ("{}", "{}!", "[{}]", "[{}!]!", "[[{}!]]")

scalars = st.sampled_from(sorted(SCALARS))
wrappings = st.sampled_from(WRAPPINGS)


@st.composite
def fields(draw: st.DrawFn, types: list[str]) -> str:
    """Some fields of scalars and of the types given."""
    named = st.one_of(scalars, st.sampled_from(types)) if types else scalars
    drawn = draw(st.lists(st.tuples(wrappings, named), min_size=1, max_size=5))
    # Of a field in two members of a union, GraphQL wants one type: so it is a part of the name.
    return " ".join(
        f"f{number}_{name}_{WRAPPINGS.index(wrapping)}: {wrapping.format(name)}"
        for number, (wrapping, name) in enumerate(drawn)
    )


@st.composite
def models(draw: st.DrawFn, *, owned: bool = False) -> str:
    """A models' file. A type uses only those before it, so that there are no circles. Where
    `owned`, some models have an owner."""
    written = ["enum E0 { A B }", "interface I0 { shared: ID }"]
    types = ["E0"]
    objects: list[str] = []
    is_implemented = False
    for number in range(draw(st.integers(0, 5))):
        union: bool = draw(st.booleans())
        if union and objects:
            members = draw(st.lists(st.sampled_from(objects), min_size=1, unique=True))
            written.append(f"union U{number} = {' | '.join(members)}")
            types.append(f"U{number}")
            continue
        implements = draw(st.sampled_from(["", " implements I0"]))
        shared = "shared: ID! " if implements else ""
        written.append(f"type T{number}{implements} {{ {shared}{draw(fields(types))} }}")
        types.append(f"T{number}")
        objects.append(f"T{number}")
        is_implemented |= bool(implements)
    if is_implemented:  # whatever implements it stands before
        types.append("I0")
    for number in range(draw(st.integers(1, 3))):
        written.append(draw(model(number, types, owned)))
    return "\n".join(written)


@st.composite
def model(draw: st.DrawFn, number: int, types: list[str], owned: bool) -> str:
    keys = draw(st.lists(st.sampled_from(KEYS), max_size=4))
    names = [f"key{place}" for place in range(len(keys))] or ["id"]
    own = [f"{name}: {type_}!" for name, type_ in zip(names, keys or ["ID"], strict=True)]
    if keys:
        own[0] += f" @primaryKey(sortKeyFields: {json.dumps(names[1:])})"
    own[0] += draw(indexes_of(names))
    ttl = draw(st.sampled_from(["", "until: AWSTimestamp @ttl"]))
    model = draw(st.sampled_from(["@model", "@model(onChange: true)"]))
    if owned:
        model += draw(st.sampled_from(["", " @auth(rules: [{ allow: owner }])"]))
    marks = draw(st.sampled_from(["", "marks: [E0!] @set", "marks: [Float] @set"]))
    owner = draw(st.sampled_from(["", "owner: String!", "owner: String"])) if owned else ""
    relations = draw(relations_of(number))
    every = " ".join([*own, ttl, marks, owner, "state: E0", draw(fields(types)), relations])
    return f"type M{number} {model} {{ {every} }}"


@st.composite
def indexes_of(draw: st.DrawFn, names: list[str]) -> str:
    """Some indexes by the first field, sorted by others, an enum, or what is stamped."""
    own = st.lists(st.sampled_from([*names[1:], "state"]), max_size=3, unique=True)
    stamped = st.sampled_from([["createdAt"], ["version"]])
    keys = draw(st.lists(own | stamped, max_size=3, unique_by=tuple))
    queries = ("", ", queryField: null")
    return "".join(
        f' @index(name: "by{number:02}", sortKeyFields: {json.dumps(key)}{query})'
        for number, key in enumerate(keys)
        for query in [draw(st.sampled_from(queries))]
    )


@st.composite
def relations_of(draw: st.DrawFn, number: int) -> str:
    """Some relations to the first model and to the model itself, whose keys they are to find."""
    kinds = [
        "some: [M0] @hasMany",
        "one: M0 @hasOne",
        "its: M0 @belongsTo",
        f"own: [M{number}] @hasMany",
    ]
    return " ".join(draw(st.lists(st.sampled_from(kinds), unique=True)))
