"""The models that stand between two others, which @manyToMany makes.

Amplify's rules: https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from antipode_tools.schema import naming
from antipode_tools.schema.auth.fields import shared
from antipode_tools.schema.definitions import (
    Definitions,
    Directive,
    Field,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.keys import key_names
from antipode_tools.schema.model import ID
from antipode_tools.schema.rewriting import instead, key_type, required, with_field

_MANY = "manyToMany"


def with_joins(definitions: Definitions) -> tuple[Definitions, list[Diagnostic]]:
    """Each @manyToMany as a model between the two, to which both have a @hasMany."""
    sides: dict[str, list[tuple[ObjectType, Field, Directive]]] = {}
    for type_ in definitions.models:
        for field in type_.fields:
            if directive := directive_of(field.directives, _MANY):
                name = str(directive.arguments.get("relationName"))
                sides.setdefault(naming.upper(name), []).append((type_, field, directive))
    problems: list[Diagnostic] = []
    types = {each.name: each for each in definitions.all}
    for name, found in sides.items():
        if problem := _unpaired(name, found) or _taken(name, found, definitions):
            problems.append(problem)
            continue
        (one, of_one, at), (other, of_other, at_other) = found
        types[name] = _join(name, (one, other), at.line)
        for type_, field, directive in ((one, of_one, at), (other, of_other, at_other)):
            many = replace(
                directive,
                name="hasMany",
                arguments={
                    "indexName": f"by{naming.upper(type_.name)}",
                    "fields": key_names(type_),
                    "limit": directive.arguments.get("limit", 100),
                },
            )
            owner = types[type_.name]
            if isinstance(owner, ObjectType):
                related = replace(
                    field, type=f"[{name}]", directives=instead(field.directives, directive, many)
                )
                types[type_.name] = with_field(owner, related)
    return replace(definitions, all=tuple(types.values())), problems


def _unpaired(name: str, sides: Sequence[tuple[ObjectType, Field, Directive]]) -> Diagnostic | None:
    line = sides[0][2].line
    if len(sides) != 2:
        return Diagnostic(
            line,
            f"@manyToMany(relationName: {name}) joins two models by a field on each, and "
            f"stands on {len(sides)}: give it to one field of each",
        )
    (one, of_one, _), (other, of_other, _) = sides
    if one is other:
        return Diagnostic(
            line,
            f"@manyToMany(relationName: {name}) joins {one.name} with itself, and the two keys of "
            "what is between would have one name: write a model between, with two fields that have "
            "an @index each, and two @hasMany",
        )
    of_each = (of_one.named, of_other.named) == (other.name, one.name)
    if not (of_each and of_one.is_list and of_other.is_list):
        return Diagnostic(
            line,
            f"@manyToMany(relationName: {name}) joins {one.name} and {other.name}, whose fields "
            f"are {of_one.type} and {of_other.type}: each must be a list of the other",
        )
    return None


def _taken(
    name: str, sides: Sequence[tuple[ObjectType, Field, Directive]], definitions: Definitions
) -> Diagnostic | None:
    if name not in definitions.by_name:
        return None
    return Diagnostic(
        sides[0][2].line,
        f"@manyToMany(relationName: {name}) makes a model {name}, and the file has a type of that "
        "name: choose another",
    )


def _join(name: str, sides: tuple[ObjectType, ObjectType], line: int) -> ObjectType:
    """The model between two others: the keys of both, and an index by each."""
    keys = [
        [
            Field(naming.foreign_key(side.name, "", key), required(key_type(side, key)), line)
            for key in key_names(side)
        ]
        for side in sides
    ]
    fields = [Field(ID, "ID!", line)]
    for side, own, others in zip(sides, keys, reversed(keys), strict=True):
        sorts = [*(each.name for each in own[1:]), *(each.name for each in others)]
        arguments = {"name": f"by{naming.upper(side.name)}", "sortKeyFields": sorts}
        first = replace(own[0], directives=(Directive("index", arguments, line),))
        fields += [first, *own[1:]]
    for side, own in zip(sides, keys, strict=True):
        by = {"fields": [each.name for each in own]}
        fields.append(
            Field(
                naming.lower(side.name),
                f"{side.name}!",
                line,
                directives=(Directive("belongsTo", by, line),),
            )
        )
    rules, looked_at = shared(sides, line)
    return ObjectType(
        name=name,
        line=line,
        comment=(f"Which {sides[0].name} and {sides[1].name} belong together.",),
        directives=(Directive("model", {}, line), *rules),
        fields=(*fields, *looked_at),
        interfaces=(),
    )
