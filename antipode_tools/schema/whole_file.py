"""What a file says to Amplify of all its models at once: `input AMPLIFY`, no input of the API.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import parse_const_value, value_from_ast_untyped

from antipode_tools.schema.auth.rules import AUTH
from antipode_tools.schema.definitions import (
    Argument,
    Definition,
    Definitions,
    Directive,
    InputType,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic

_AMPLIFY = "AMPLIFY"
_GLOBAL = "globalAuthRule"
_EXAMPLE = f"input {_AMPLIFY} {{ {_GLOBAL}: AuthRule = {{ allow: public }} }}"
# What names a database of SQL, and how it is reached.
_SQL = ("engine", "host", "port", "database", "username", "password")


def with_said(definitions: Definitions) -> Definitions:
    """The definitions with what the input says of their models, and without the input."""
    problems = []
    for said in definitions.inputs:
        if said.name == _AMPLIFY:
            for field in said.fields:
                if problem := _problem(field):
                    problems.append(problem)
                elif field.name == _GLOBAL:
                    definitions = _with_rule(definitions, field)
    kept = tuple(each for each in definitions.all if not _is_said(each))
    return replace(definitions, all=kept, told=(*definitions.told, *problems))


def _is_said(definition: Definition) -> bool:
    return isinstance(definition, InputType) and definition.name == _AMPLIFY


def _problem(field: Argument) -> Diagnostic | None:
    if field.name in _SQL:
        return Diagnostic(
            field.line,
            f"{_AMPLIFY} has {field.name}, which is of tables of SQL: there are none here, take it "
            "out",
        )
    if field.name != _GLOBAL:
        return Diagnostic(
            field.line, f"{_AMPLIFY} has {field.name}, which it does not take: {_EXAMPLE}"
        )
    if not isinstance(_value(field), Mapping):
        return Diagnostic(
            field.line, f"{_AMPLIFY} has {_GLOBAL} without a rule as its default: {_EXAMPLE}"
        )
    return None


def _value(field: Argument) -> Any:
    return value_from_ast_untyped(parse_const_value(field.default)) if field.default else None


def _with_rule(definitions: Definitions, field: Argument) -> Definitions:
    """The rule on each model that has none of its own, with a warning of which they are."""
    rule = Directive(AUTH, {"rules": [_value(field)]}, field.line)
    without = [type_.name for type_ in _without_rules(definitions)]
    if not without:
        return definitions
    warning = Diagnostic(
        field.line,
        f"{', '.join(without)}: {_GLOBAL} {field.default} lets in by this one rule whoever it "
        "names, to read and to change every item. Say of each model who may, by @auth",
        refused=False,
    )
    return replace(
        definitions,
        all=tuple(
            replace(each, directives=(*each.directives, rule))
            if isinstance(each, ObjectType) and each.name in without
            else each
            for each in definitions.all
        ),
        told=(*definitions.told, warning),
    )


def _without_rules(definitions: Definitions) -> Iterator[ObjectType]:
    return (
        type_
        for type_ in definitions.models
        if not any(directive.name == AUTH for directive in type_.directives)
    )
