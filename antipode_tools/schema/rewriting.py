"""Types with another field, and fields with another directive, in place of what the file has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from antipode_tools.schema.definitions import Directive, Field, ObjectType
from antipode_tools.schema.keys import index_field


def key_type(type_: ObjectType, key: str) -> str:
    field = index_field(type_, key)
    return field.optional_type if field else "ID"


def required(type_: str) -> str:
    return f"{type_.removesuffix('!')}!"


def with_field(type_: ObjectType, field: Field) -> ObjectType:
    """The type with a field in place of the one of its name."""
    fields = (field if each.name == field.name else each for each in type_.fields)
    return replace(type_, fields=tuple(fields))


def instead(
    directives: Iterable[Directive], old: Directive, new: Directive
) -> tuple[Directive, ...]:
    return tuple(new if each is old or each == old else each for each in directives)
