"""Fields whose values code of the user's own finds: resolvers of graphql/operations, functions.

`Mutation.moveCard.js` serves Mutation.moveCard; `Mutation.checkout.1.js` and `.2.js` do so one
after the other. @source says to what each step's request is sent, and @function names a function
that is all there is to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    Field,
    ObjectType,
)
from antipode_tools.schema.directives import RESOLVED, UNRELATED, directive_of, is_stored
from antipode_tools.schema.operation_names import own_subscriptions
from antipode_tools.schema.reading import ROOTS

# The folder of the user's resolvers.
FOLDER = "graphql/operations"
# What asks a function, and what asks it without waiting for an answer.
INVOKE = "graphql/resolvers/invoke.js"
INVOKE_LATER = "graphql/resolvers/invokeLater.js"
# What serves a subscription for which there is no file.
LISTEN = "graphql/resolvers/listen.js"

_FILE = re.compile(r"(?P<type>\w+)\.(?P<field>\w+)(?:\.(?P<step>[1-9][0-9]*))?\.js", re.ASCII)
# Amplify's place for the name of an environment, of which a stack is one.
_ENVIRONMENT = "-${env}"


@dataclass(frozen=True)
class Step:
    """One request on the way to a value.

    Attributes:
        code: the file with its two handlers, from the project's root.
        model: whose table the request is sent to.
        function: the logical id of the function that it is sent to. Without either, what the
            request handler returns is the result.
    """

    code: str
    model: str | None = None
    function: str | None = None


@dataclass(frozen=True)
class Resolved:
    """A field of a type with the steps to its value, none where nothing serves it."""

    type: str
    field: Field
    steps: tuple[Step, ...]

    @property
    def path(self) -> str:
        return f"{self.type}.{self.field.name}"

    @property
    def is_operation(self) -> bool:
        """Whether clients call it, rather than select it of what they have called."""
        return self.type in ROOTS

    @property
    def scope(self) -> str | None:
        """The scope that a token needs to call it; None for what no scope opens."""
        directive = directive_of(self.field.directives, "scope")
        return directive.arguments["name"] if directive else None


def parsed(file: str) -> tuple[str, int | None] | None:
    """What a file of the folder serves, `Mutation.moveCard`, and as which step; None where its name
    does not say so."""
    found = _FILE.fullmatch(file)
    if found is None:
        return None
    return f"{found['type']}.{found['field']}", int(found["step"]) if found["step"] else None


def with_resolved(definitions: Definitions, files: Iterable[str]) -> Definitions:
    """The definitions in which each field of a type that no item holds is marked: one that a file
    serves, and one of a model that does not say how its items are found."""
    served = {found[0] for file in files if (found := parsed(file))}
    models = {type_.name for type_ in definitions.models}

    def mark(type_: ObjectType, field: Field) -> str | None:
        if f"{type_.name}.{field.name}" in served:
            return RESOLVED
        unrelated = is_stored(field) and not directive_of(field.directives, "manyToMany")
        return UNRELATED if field.named in models and unrelated else None

    def marked(type_: ObjectType) -> ObjectType:
        fields = tuple(
            replace(field, directives=(*field.directives, Directive(why, {}, field.line)))
            if (why := mark(type_, field))
            else field
            for field in type_.fields
        )
        return replace(type_, fields=fields)

    def of(definition: Definition) -> Definition:
        return marked(definition) if isinstance(definition, ObjectType) else definition

    return replace(definitions, all=tuple(map(of, definitions.all)))


def resolved_of(definitions: Definitions, files: Iterable[str]) -> tuple[Resolved, ...]:
    """The fields that the user serves: those of the roots, but for subscriptions to what the relay
    announces, and those of types that a file or a function serves. The definitions must be right.
    """
    steps = _steps(files)
    announced = {
        name
        for type_ in definitions.models
        for names in own_subscriptions(definitions, type_).values()
        for name in names
    }
    roots = [
        (root, field)
        for root in definitions.roots
        for field in root.fields
        if not (root.name == "Subscription" and field.name in announced)
    ]
    types = [
        (type_, field)
        for type_ in definitions.all
        if isinstance(type_, ObjectType)
        for field in type_.fields
        if is_resolved(field)
    ]
    return tuple(
        Resolved(type_.name, field, _of_field(type_.name, field, steps))
        for type_, field in (*roots, *types)
    )


def is_resolved(field: Field) -> bool:
    """Whether the user's code finds the value of a field of a type."""
    return bool(field.arguments) or any(
        directive.name in (RESOLVED, "function", "source") for directive in field.directives
    )


def function_id(name: str) -> str:
    """The logical id of the function that @function names: `InviteFunction` of `Invite-${env}`."""
    return f"{naming.logical(name.removesuffix(_ENVIRONMENT))}Function"


def source_of(field: Field, step: int) -> Directive | None:
    """The @source of a step: the one that names it, or else the one that names none."""
    found = [each for each in field.directives if each.name == "source"]
    named = (each for each in found if each.arguments.get("step") == step)
    return next(named, next((each for each in found if "step" not in each.arguments), None))


def _steps(files: Iterable[str]) -> Mapping[str, list[str]]:
    """The files that serve each field, in their order."""
    found: dict[str, list[tuple[int, str]]] = {}
    for file in files:
        if its := parsed(file):
            found.setdefault(its[0], []).append((its[1] or 1, file))
    return {path: [file for _, file in sorted(each)] for path, each in found.items()}


def _of_field(type_: str, field: Field, steps: Mapping[str, list[str]]) -> tuple[Step, ...]:
    found = tuple(_found(field, steps.get(f"{type_}.{field.name}", [])))
    return (Step(LISTEN),) if type_ == "Subscription" and not found else found


def _found(field: Field, files: Iterable[str]) -> Iterator[Step]:
    for directive in field.directives:
        if directive.name == "function":
            its = directive.arguments
            code = INVOKE_LATER if its.get("invocationType") == "Event" else INVOKE
            yield Step(code, function=function_id(its["name"]))
    for number, file in enumerate(files, start=1):
        its = _arguments(source_of(field, number))
        function = its.get("function")
        yield Step(
            f"{FOLDER}/{file}", its.get("model"), function_id(function) if function else None
        )


def _arguments(directive: Directive | None) -> Mapping[str, Any]:
    return directive.arguments if directive else {}
