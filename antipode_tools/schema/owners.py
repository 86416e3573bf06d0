"""Models whose items belong to whoever created them: @model(owner: "owner").

The field that holds the owner is a field like others once it is there; the resolvers stamp it, and
find it by the API's environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.definitions import Definition, Definitions, Directive, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.models import Model, directive_of, key_names

_COMMENT = ("Who created the item: stamped then, and nobody else reads, changes or deletes it.",)
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


def is_field_name(name: object) -> bool:
    """Whether a field could be named so. `name` is whatever the author wrote."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def with_owners(definitions: Definitions) -> Definitions:
    """The definitions with the field that each @model(owner:) names, where there is none yet."""
    return replace(definitions, all=tuple(map(_with_owner, definitions.all)))


def check_owners(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the fields that hold owners."""
    for model in definitions.models:
        directive = _owning(model)
        field = model.field(directive.arguments["owner"]) if directive else None
        if field is not None:
            yield from _check_field(model, field)


def check_identities(models: Iterable[Model], modes: Sequence[AuthMode]) -> Iterator[Diagnostic]:
    """Who owns must be known: an API key tells nobody from another."""
    for model in models:
        if model.owner and AuthMode.API_KEY in modes:
            others = ", ".join(each for each in AuthMode if each is not AuthMode.API_KEY)
            yield Diagnostic(
                model.type.line,
                f"{model.name} has an owner, and clients with an API key do not say who they are: "
                f"choose another mode, antipode schema --auth MODE with one of {others}",
            )


def _with_owner(definition: Definition) -> Definition:
    if not isinstance(definition, ObjectType):
        return definition
    directive = _owning(definition)
    if directive is None or definition.field(directive.arguments["owner"]):
        return definition
    owner = Field(directive.arguments["owner"], "String", directive.line, _COMMENT)
    return replace(definition, fields=(*definition.fields, owner))


def _owning(type_: ObjectType) -> Directive | None:
    """Its @model, if that names an owner."""
    directive = directive_of(type_.directives, "model")
    return directive if directive and is_field_name(directive.arguments.get("owner")) else None


def _check_field(model: ObjectType, field: Field) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", field.line
    if field.optional_type != "String":
        yield Diagnostic(
            line, f"{path} holds the owner of items and is {field.type}: make it String"
        )
    if field.name in key_names(model):
        yield Diagnostic(
            line,
            f"{path} holds the owner of items and is in the key: the key comes from whoever "
            "writes, the owner from the server",
        )
