"""Types that refer to others: unknown ones, circles, and how deep they go."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.argument_rules import UNKNOWN
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    FieldsType,
    InputType,
    InterfaceType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import UNRELATED, directive_of, is_stored
from antipode_tools.schema.inputs import is_writable
from antipode_tools.schema.publish import MAX_TOKENS
from antipode_tools.schema.resolved import FOLDER, is_resolved
from antipode_tools.schema.scalars import SCALARS

# The filter of a subscription sees fields down to this level.
# https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
MAX_FILTERED_LEVELS = 5

# The most that an API's QueryDepthLimit can be set to, the mutation's own field being one.
# https://docs.aws.amazon.com/appsync/latest/devguide/configuration-limits.html
MAX_DEPTH = 75


def check_references(definitions: Definitions) -> Iterator[Diagnostic]:
    """Names of types that are no types, or cannot stand where they do."""
    for definition in (*definitions.with_fields, *definitions.roots):
        yield from _check_field_types(definitions, definition)
        yield from _check_interfaces(definitions, definition)
    for union in definitions.all:
        if isinstance(union, UnionType):
            yield from _check_members(definitions, union)


def check_held(definitions: Definitions) -> Iterator[Diagnostic]:
    """Items of other tables in what items hold: a type that an operation answers with may have
    them, one that is a part of a model may not."""
    waiting = [(step, model) for model in definitions.models for step in definitions.behind(model)]
    seen: set[str] = set()
    while waiting:
        (_, held), model = waiting.pop(0)
        if held.name in seen:
            continue
        seen.add(held.name)
        for field in held.fields if isinstance(held, ObjectType) else ():
            if directive_of(field.directives, UNRELATED):
                yield Diagnostic(
                    field.line,
                    f"{held.name}.{field.name} is the model {field.named}, and {model.name} holds "
                    f"{held.name}: an item cannot hold an item of another table, only its key. The "
                    f"field is null, unless you write {FOLDER}/{held.name}.{field.name}.js",
                    refused=False,
                )
        for step in definitions.behind(held):
            if _is_model(step[1]):
                yield Diagnostic(
                    held.line,
                    f"{held.name} can be the model {step[1].name}, and {model.name} holds "
                    f"{held.name}: an item cannot hold an item of another table, only its key",
                )
            else:
                waiting.append((step, model))


def _is_model(definition: Definition | None) -> bool:
    return isinstance(definition, ObjectType) and definition.is_model


def check_depths(definitions: Definitions) -> Iterator[Diagnostic]:
    """How deep and how wide the models are. The references must be right."""
    circles = [
        diagnostic for model in definitions.models for diagnostic in _circle(definitions, model)
    ]
    yield from circles
    if circles:
        return
    sizes = _Sizes(definitions)
    for model in definitions.models:
        yield from _check_size(model, sizes)
    yield from _unused(definitions)
    yield from _unwritten(definitions)


def _check_field_types(definitions: Definitions, definition: FieldsType) -> Iterator[Diagnostic]:
    for field in definition.fields:
        path, named = f"{definition.name}.{field.name}", field.named
        found = definitions.by_name.get(named)
        if found is None and named not in SCALARS:
            # Whether a field that the user's code serves is of a generated type is seen later.
            if definition not in definitions.roots and not is_resolved(field):
                yield Diagnostic(field.line, f"{path} is {named}, {UNKNOWN}")
        elif isinstance(found, InputType):
            yield Diagnostic(
                field.line, f"{path} is the input {named}: inputs are for arguments alone"
            )
        elif _is_model(definition) and directive_of(field.directives, UNRELATED):
            yield Diagnostic(
                field.line,
                f"{path} is the model {named}, and is null: an item cannot hold an item of another "
                "table. Say how they are related, @hasOne, @hasMany, @belongsTo or @manyToMany; or "
                f"write {FOLDER}/{path}.js, which finds it",
                refused=False,
            )


def _check_interfaces(definitions: Definitions, definition: FieldsType) -> Iterator[Diagnostic]:
    if isinstance(definition, InterfaceType) and definition.interfaces:
        others = " and ".join(definition.interfaces)
        yield Diagnostic(
            definition.line,
            f"{definition.name} is an interface that implements {others}, and AppSync takes no "
            f"schema with one: give it the fields of {others}, and let each type implement all",
        )
    for name in definition.interfaces:
        if not isinstance(definitions.by_name.get(name), InterfaceType):
            yield Diagnostic(
                definition.line,
                f"{definition.name} implements {name}, which is not an interface of this file",
            )


def _check_members(definitions: Definitions, union: UnionType) -> Iterator[Diagnostic]:
    for name in union.members:
        member = definitions.by_name.get(name)
        if not isinstance(member, ObjectType):
            yield Diagnostic(
                union.line, f"{union.name} has the member {name}, which is not a type of this file"
            )


def _circle(definitions: Definitions, model: ObjectType) -> Iterator[Diagnostic]:
    """The first way that leads back to where it was: a depth-first walk, each type once."""
    done: set[str] = set()

    def walk(at: Definition, path: str, above: tuple[str, ...]) -> Iterator[str]:
        if at.name in above:
            yield f"{path} leads back to {at.name} without end: hold a key instead"
        if at.name in above or at.name in done:
            return
        for step, behind in definitions.behind(at):
            yield from walk(behind, f"{path}.{step}".rstrip("."), (*above, at.name))
        done.add(at.name)

    for message in walk(model, model.name, ()):
        yield Diagnostic(model.line, message)
        return


class _Sizes:
    """Levels and fields below each type, each type measured once."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._levels: dict[str, int] = {}
        self._fields: dict[str, int] = {}

    def levels(self, definition: Definition) -> int:
        if definition.name not in self._levels:
            own = 1 if isinstance(definition, ObjectType) else 0
            below = (self.levels(each) for _, each in self._definitions.behind(definition))
            self._levels[definition.name] = own + max(below, default=0)
        return self._levels[definition.name]

    def fields(self, definition: Definition) -> int:
        if definition.name not in self._fields:
            own = len(definition.fields) if isinstance(definition, ObjectType) else 0
            below = (self.fields(each) for _, each in self._definitions.behind(definition))
            self._fields[definition.name] = own + sum(below)
        return self._fields[definition.name]


def _check_size(model: ObjectType, sizes: _Sizes) -> Iterator[Diagnostic]:
    if (fields := sizes.fields(model)) > MAX_TOKENS:
        yield Diagnostic(
            model.line,
            f"{model.name} has {fields} fields to the leaves, and AppSync takes documents of "
            f"{MAX_TOKENS} tokens",
        )
    levels = sizes.levels(model)
    if levels + 1 > MAX_DEPTH:
        yield Diagnostic(
            model.line,
            f"{model.name} is nested {levels} levels deep, and the relay selects all of it: "
            f"AppSync's depth limit is {MAX_DEPTH}, one of them the mutation",
        )
    elif levels > MAX_FILTERED_LEVELS:
        yield Diagnostic(
            model.line,
            f"{model.name} is nested {levels} levels deep: the filter of a subscription sees "
            f"{MAX_FILTERED_LEVELS}",
            refused=False,
        )


def _unused(definitions: Definitions) -> Iterator[Diagnostic]:
    used: set[str] = set()
    waiting: list[Definition] = [*definitions.models, *_operated(definitions)]
    while waiting:
        definition = waiting.pop()
        if definition.name not in used:
            used.add(definition.name)
            waiting.extend(each for _, each in definitions.behind(definition))
            waiting.extend(_implemented(definitions, definition))
    for definition in definitions.all:
        if definition.name not in used:
            yield Diagnostic(definition.line, f"nothing uses {definition.name}", refused=False)


def _operated(definitions: Definitions) -> Iterator[Definition]:
    """The types that operations of the file's own answer with, or take."""
    for root in definitions.roots:
        for field in root.fields:
            if field.named in definitions.by_name:
                yield definitions.by_name[field.named]
    for type_ in (*definitions.with_fields, *definitions.roots):
        for argument in (each for field in type_.fields for each in field.arguments):
            if argument.named in definitions.by_name:
                yield definitions.by_name[argument.named]


def _implemented(definitions: Definitions, definition: Definition) -> Iterator[Definition]:
    if isinstance(definition, FieldsType):
        for name in definition.interfaces:
            yield definitions.by_name[name]


def _unwritten(definitions: Definitions) -> Iterator[Diagnostic]:
    for definition in definitions.all:
        for field in definition.fields if isinstance(definition, ObjectType) else ():
            if is_stored(field) and not is_writable(definitions, field):
                yield Diagnostic(
                    field.line,
                    f"{definition.name}.{field.name} is left out of inputs, which cannot be of an "
                    "interface or a union: write it to the table yourself, with its __typename",
                    refused=False,
                )
