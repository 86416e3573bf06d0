"""The timestamps of a model, and what else is stamped on its items."""

from __future__ import annotations

from antipode_tools.schema.definitions import Field, ObjectType
from antipode_tools.schema.directives import model_arguments
from antipode_tools.schema.stamps import STAMPS, TIMESTAMPS

# What the server fills where nobody gives it, of the types that a timestamp may be declared as.
_TIMES = ("AWSDateTime", "String")


def times_of(type_: ObjectType) -> tuple[str | None, str | None]:
    """The names of a model's timestamps: of its creation, and of its last write. One that the type
    declares as anything else than a time in words is no timestamp."""
    given = model_arguments(type_).get("timestamps", {})
    if given is None:
        return None, None
    created, updated = (given.get(name, name) for name in TIMESTAMPS)
    return _stamped(type_, created), _stamped(type_, updated)


def _stamped(type_: ObjectType, name: str | None) -> str | None:
    field = type_.field(name) if name else None
    return name if field is None or field.optional_type in _TIMES else None


def stamps_of(type_: ObjectType) -> tuple[Field, ...]:
    """The fields that every item of a model has without its type saying so."""
    created, updated = times_of(type_)
    first, second, *others = STAMPS
    times = ((first, created), (second, updated))
    renamed = (Field(name, stamp.type, stamp.line, stamp.comment) for stamp, name in times if name)
    return (*renamed, *others)
