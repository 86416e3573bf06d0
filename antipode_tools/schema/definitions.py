"""The types of a models' file, as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from antipode_tools.schema.diagnostics import Diagnostic


def listed(value: Any) -> list[Any]:
    """The members of a value that is a list, or one of them without brackets, as GraphQL takes it;
    none of null."""
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]


@dataclass(frozen=True)
class Directive:
    """A use of a directive."""

    name: str
    # Of whatever the author wrote: checked before it is used.
    arguments: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class Argument:
    """An argument of a field, or a field of an input. `default` is as it is written."""

    name: str
    type: str
    line: int
    default: str | None = None
    directives: tuple[Directive, ...] = ()

    @property
    def named(self) -> str:
        """The type without its lists and exclamation marks."""
        return self.type.strip("[]!")


@dataclass(frozen=True)
class Field:
    """A field of a type. `type` is as it is written: [OrderLine!]!"""

    name: str
    type: str
    line: int
    comment: tuple[str, ...] = ()
    directives: tuple[Directive, ...] = ()
    arguments: tuple[Argument, ...] = ()

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
class InputType(Definition):
    """input: what an operation of the user's takes."""

    fields: tuple[Argument, ...]


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
    """All of a file, in its order; `roots` are its Query, Mutation and Subscription, which are no
    types of data. `told` is what is to be said of how it was read: what is wrong, or stands for
    something else."""

    all: tuple[Definition, ...]
    roots: tuple[ObjectType, ...] = ()
    told: tuple[Diagnostic, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Definition]:
        return {definition.name: definition for definition in self.all}

    @cached_property
    def models(self) -> tuple[ObjectType, ...]:
        return tuple(each for each in self.all if isinstance(each, ObjectType) and each.is_model)

    @property
    def with_fields(self) -> Iterator[FieldsType]:
        return (each for each in self.all if isinstance(each, FieldsType))

    @property
    def inputs(self) -> Iterator[InputType]:
        return (each for each in self.all if isinstance(each, InputType))

    def root(self, name: str) -> ObjectType | None:
        """The Query, Mutation or Subscription of the file, if it has it."""
        return next((each for each in self.roots if each.name == name), None)

    @cached_property
    def unwritable(self) -> frozenset[str]:
        """The types that no input can be of: interfaces, unions, models, and objects of nothing
        else."""
        found = {each.name for each in self.all if isinstance(each, InterfaceType | UnionType)}
        found |= {type_.name for type_ in self.models}
        objects = [each for each in self.all if isinstance(each, ObjectType)]
        while more := {
            each.name
            for each in objects
            if each.name not in found and found.issuperset(field.named for field in each.fields)
        }:
            found |= more
        return frozenset(found)

    def behind(self, definition: Definition | None) -> tuple[tuple[str, Definition], ...]:
        """The steps from a type to those that stand in its values: not to models, whose items have
        tables of their own."""
        match definition:
            case ObjectType():
                return tuple(
                    (field.name, found)
                    for field in definition.fields
                    if (found := self.by_name.get(field.named)) and not _is_model(found)
                )
            case InputType():
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


def _is_model(definition: Definition) -> bool:
    return isinstance(definition, ObjectType) and definition.is_model
