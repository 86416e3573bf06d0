"""The types of a models' file, as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Directive:
    """A use of a directive."""

    name: str
    # Of whatever the author wrote: checked before it is used.
    arguments: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class Field:
    """A field of a type. `type` is as it is written: [OrderLine!]!"""

    name: str
    type: str
    line: int
    comment: tuple[str, ...] = ()
    directives: tuple[Directive, ...] = ()
    has_arguments: bool = False

    @property
    def named(self) -> str:
        """The type without its lists and exclamation marks."""
        return self.type.strip("[]!")

    @property
    def is_list(self) -> bool:
        return self.type.startswith("[")

    @property
    def is_required(self) -> bool:
        return self.type.endswith("!")

    @property
    def optional_type(self) -> str:
        return self.type.removesuffix("!")

    @property
    def output_type(self) -> str:
        """With no ! at any depth."""
        return self.type.replace("!", "")


@dataclass(frozen=True)
class Definition:
    """A type by its name, with the comment above it."""

    name: str
    line: int
    comment: tuple[str, ...]
    directives: tuple[Directive, ...]


@dataclass(frozen=True)
class FieldsType(Definition):
    """What an object and an interface have in common."""

    fields: tuple[Field, ...]
    interfaces: tuple[str, ...]

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True)
class ObjectType(FieldsType):
    """type: a model, if it says @model."""

    @property
    def is_model(self) -> bool:
        return any(directive.name == "model" for directive in self.directives)


@dataclass(frozen=True)
class InterfaceType(FieldsType):
    """interface"""


@dataclass(frozen=True)
class EnumType(Definition):
    """enum: comments on its values are left out, since AppSync refuses some of them."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class UnionType(Definition):
    """union"""

    members: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """All of a file, in its order."""

    all: tuple[Definition, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Definition]:
        return {definition.name: definition for definition in self.all}

    @property
    def models(self) -> Iterator[ObjectType]:
        return (each for each in self.all if isinstance(each, ObjectType) and each.is_model)

    @property
    def with_fields(self) -> Iterator[FieldsType]:
        return (each for each in self.all if isinstance(each, FieldsType))

    @cached_property
    def unwritable(self) -> frozenset[str]:
        """The types that no input can be of: interfaces, unions, and objects of nothing else."""
        found = {each.name for each in self.all if isinstance(each, InterfaceType | UnionType)}
        objects = [each for each in self.all if isinstance(each, ObjectType)]
        while more := {
            each.name
            for each in objects
            if each.name not in found and found.issuperset(field.named for field in each.fields)
        }:
            found |= more
        return frozenset(found)

    def behind(self, definition: Definition | None) -> tuple[tuple[str, Definition], ...]:
        """The steps from a type to those that a selection of it goes on with."""
        match definition:
            case ObjectType():
                return tuple(
                    (field.name, self.by_name[field.named])
                    for field in definition.fields
                    if field.named in self.by_name
                )
            case InterfaceType(name=name):
                return tuple(
                    ("", each)
                    for each in self.all
                    if isinstance(each, ObjectType) and name in each.interfaces
                )
            case UnionType(members=members):
                return tuple(("", self.by_name[each]) for each in members if each in self.by_name)
            case _:
                return ()
