"""What the directives of a type and its fields say, as everything that reads them asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from antipode_tools.schema.definitions import Directive, Field, ObjectType, listed

RELATIONS = ("hasOne", "hasMany", "belongsTo")
# What the compiler puts on a field that a resolver of the user's serves: nobody can write it.
RESOLVED = "resolved"
# And on one that is of a model and says nothing of how its items are found: it is null.
UNRELATED = "unrelated"
_NOT_STORED = (*RELATIONS, "function", "source", RESOLVED, UNRELATED)


def directive_of(directives: tuple[Directive, ...], name: str) -> Directive | None:
    return next((directive for directive in directives if directive.name == name), None)


def model_arguments(type_: ObjectType) -> Mapping[str, Any]:
    """What a type's @model says."""
    directive = directive_of(type_.directives, "model")
    return directive.arguments if directive else {}


def sort_names(directive: Directive) -> tuple[str, ...]:
    """The sortKeyFields of a @primaryKey or an @index: one may stand without brackets."""
    return tuple(listed(directive.arguments.get("sortKeyFields")))


def index_directives(type_: ObjectType) -> Iterator[tuple[Field, Directive]]:
    """Each @index of a type with the field that it stands on."""
    for field in type_.fields:
        for directive in field.directives:
            if directive.name == "index":
                yield field, directive


def relation_of(field: Field) -> Directive | None:
    """The directive that makes the field a relation."""
    return next((each for each in field.directives if each.name in RELATIONS), None)


def listened(field: Field) -> tuple[str, ...]:
    """The mutations that a field of Subscription hangs on."""
    directive = directive_of(field.directives, "aws_subscribe")
    return tuple(listed(directive.arguments.get("mutations"))) if directive else ()


def is_stored(field: Field) -> bool:
    """Whether an item holds the field: others are related items, or computed."""
    return not field.arguments and not any(
        directive.name in _NOT_STORED for directive in field.directives
    )
