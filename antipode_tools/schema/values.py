"""What fields hold where nobody gives a value, and which values they take: @default, @validate.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from antipode_tools.schema.definitions import Definitions, Directive, EnumType, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of, is_stored
from antipode_tools.schema.keys import key_names
from antipode_tools.schema.model import Model
from antipode_tools.schema.scalars import SCALARS


class Check(StrEnum):
    """The kinds of @validate: of numbers, and of texts."""

    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    MIN_LENGTH = "minLength"
    MAX_LENGTH = "maxLength"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    MATCHES = "matches"


# GraphQL's Int has 32 bits: no larger one could be read.
MAX_INT = 2**31 - 1
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_OF_NUMBERS = {Check.GT, Check.GTE, Check.LT, Check.LTE}
_LENGTHS = {Check.MIN_LENGTH, Check.MAX_LENGTH}


def check_values(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the defaults and the checks of the models' fields."""
    for model in definitions.models:
        for field in model.fields:
            for directive in field.directives:
                if directive.name == "default":
                    yield from _check_default(definitions, model, field, directive)
                elif directive.name == "validate":
                    yield from _check_check(model, field, directive)


def defaults_of(model: Model) -> dict[str, Any]:
    """The values of the fields that nobody gives one."""
    return {
        field.name: _parsed(field, str(directive.arguments["value"]))
        for field in model.stored
        if (directive := directive_of(field.directives, "default"))
    }


def checks_of(model: Model) -> dict[str, list[list[str | None]]]:
    """For each field its checks: the kind, the value, and the words of the error, if it has any."""
    found: dict[str, list[list[str | None]]] = {}
    for field in model.stored:
        for directive in field.directives:
            if directive.name == "validate":
                its = directive.arguments
                check = [its["type"], its["value"], its.get("errorMessage")]
                found.setdefault(field.name, []).append(check)
    return found


def _check_default(
    definitions: Definitions, model: ObjectType, field: Field, directive: Directive
) -> Iterator[Diagnostic]:
    path, line = f"{model.name}.{field.name}", directive.line
    value = directive.arguments.get("value")
    enum = definitions.by_name.get(field.named)
    if not isinstance(value, str):
        yield Diagnostic(line, f'{path} has @default without a text: @default(value: "0")')
    elif field.is_list or not (field.named in SCALARS or isinstance(enum, EnumType)):
        yield Diagnostic(
            line, f"{path} has @default and is {field.type}: only a single scalar or enum has one"
        )
    elif field.name in key_names(model):
        yield Diagnostic(line, f"{path} has @default and is in the key, which the creator gives")
    elif isinstance(enum, EnumType):
        if value not in enum.values:
            yield Diagnostic(
                line,
                f"{path} has @default of {value}, and {enum.name} is {', '.join(enum.values)}",
            )
    else:
        try:
            _parsed(field, value)
        except ValueError:
            yield Diagnostic(line, f"{path} has @default of {value!r}, which is no {field.named}")


def _parsed(field: Field, value: str) -> Any:
    """The value as the field's type has it.

    Raises:
        ValueError: the type has no such value.
    """
    match field.named:
        case "Int":
            return found if -MAX_INT <= (found := int(_number(value))) <= MAX_INT else _no()
        case "AWSTimestamp":
            return int(_number(value))
        case "Float":
            return float(_number(value))
        case "Boolean":
            return {"true": True, "false": False}[value] if value in ("true", "false") else _no()
        case "AWSJSON":
            return json.loads(value)
        case _:
            return value


def _number(text: str) -> str:
    """The text, if it is a number as JSON has it: the resolvers read it so."""
    return text if _NUMBER.fullmatch(text) else _no()


def _no() -> Any:
    raise ValueError("no value of the type")


def _check_check(model: ObjectType, field: Field, directive: Directive) -> Iterator[Diagnostic]:
    path, line, its = f"{model.name}.{field.name}", directive.line, directive.arguments
    kind, value = its.get("type"), its.get("value")
    if kind not in list(Check):
        yield Diagnostic(
            line, f"{path} has @validate of the type {kind}: there are {', '.join(Check)}"
        )
        return
    if not isinstance(value, str):
        yield Diagnostic(
            line, f'{path} has @validate without a text: @validate(type: {kind}, value: "1")'
        )
        return
    wanted = ("Int", "Float") if kind in _OF_NUMBERS else ("String",)
    if field.is_list or field.named not in wanted or not is_stored(field):
        yield Diagnostic(
            line, f"{path} has @validate({kind}) and is {field.type}: it is for {_either(wanted)}"
        )
    elif kind in _OF_NUMBERS | _LENGTHS and not _is_number(value):
        yield Diagnostic(line, f"{path} has @validate({kind}) of {value!r}, which is no number")


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
