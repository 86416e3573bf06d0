"""The keys and indexes that a type's directives ask for."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.definitions import Directive, Field, ObjectType
from antipode_tools.schema.directives import directive_of, index_directives, sort_names
from antipode_tools.schema.model import ID, Index
from antipode_tools.schema.times import stamps_of


def key_names(type_: ObjectType) -> tuple[str, ...]:
    """The names of the fields of the key, `id` where @primaryKey names no others."""
    for field in type_.fields:
        if directive := directive_of(field.directives, "primaryKey"):
            return (field.name, *sort_names(directive))
    return (ID,)


def index_field(type_: ObjectType, name: str) -> Field | None:
    """A field that a key may go by: of the type, or stamped on every item of it."""
    stamps = stamps_of(type_)
    return type_.field(name) or next((stamp for stamp in stamps if stamp.name == name), None)


def indexes_of(type_: ObjectType) -> Iterator[Index]:
    """The indexes of a type, without the fields that are not there."""
    for field, directive in index_directives(type_):
        sorts = (index_field(type_, name) for name in sort_names(directive))
        yield Index(
            key=(field, *(each for each in sorts if each)),
            name=index_name(type_, field, directive),
            model=type_.name,
            query=_query(type_, field, directive),
            line=directive.line,
        )


def index_name(type_: ObjectType, field: Field, directive: Directive) -> str:
    """The name that an @index gives, or else Amplify's for it."""
    names = (field.name, *sort_names(directive))
    return directive.arguments.get("name") or naming.index_query(type_.name, names)


def _query(type_: ObjectType, field: Field, directive: Directive) -> str | None:
    default = naming.index_query(type_.name, (field.name, *sort_names(directive)))
    # An explicit null asks for none.
    query: str | None = directive.arguments.get("queryField", default)
    return query
