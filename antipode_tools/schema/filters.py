"""What items can be chosen by: filters of lists, conditions of writes, filters of subscriptions.

The inputs are Amplify's. https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/query-data/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Definitions, EnumType, Field
from antipode_tools.schema.model import Model
from antipode_tools.schema.models import is_comparable
from antipode_tools.schema.scalars import SCALARS

_EQUAL = ("ne", "eq")
_ORDERED = ("le", "lt", "ge", "gt")
_TEXT = (*_EQUAL, *_ORDERED, "contains", "notContains", "between", "beginsWith")
_NUMBER = (*_EQUAL, *_ORDERED, "between")
_LISTS = ("between", "in", "notIn")
_OPERATORS = {"String": _TEXT, "ID": _TEXT, "Int": _NUMBER, "Float": _NUMBER, "Boolean": _EQUAL}
_EXISTS = ("  attributeExists: Boolean", "  attributeType: ModelAttributeTypes")
# DynamoDB's types, in Amplify's words.
_TYPES = (
    "binary",
    "binarySet",
    "bool",
    "list",
    "map",
    "number",
    "numberSet",
    "string",
    "stringSet",
    "_null",
)
# An enum of this name would have the input that says how long a text is.
_SIZE = "Size"


def filters(definitions: Definitions, models: tuple[Model, ...]) -> Iterator[Block]:
    """The filters and conditions of every model, and those of the enums and scalars in them."""
    for model in models:
        fields = filtered(definitions, model)
        yield from _of_model(definitions, model, fields)
    used = [field for model in models for field in filtered(definitions, model)]
    yield from _of_enums(definitions, used)
    kinds = {SCALARS[field.named].filter for field in used if field.named in SCALARS}
    for kind, operators in _OPERATORS.items():
        if kind in kinds:
            size = ["  size: ModelSizeInput"] * (operators is _TEXT)
            lines = [*_lines(kind, operators), *_EXISTS, *size]
            yield _block(f"Model{kind}Input", lines)
    yield _block("ModelSizeInput", _lines("Int", _NUMBER))
    yield Block("ModelAttributeTypes", braced("enum ModelAttributeTypes", _indented(_TYPES)))
    heard = {_heard_as(definitions, field) for field in used}
    for kind, operators in _OPERATORS.items():
        if kind in heard:
            lists = () if operators is _EQUAL else ("in", "notIn")
            yield _block(f"ModelSubscription{kind}Input", _lines(kind, (*operators, *lists)))
    yield Block("ModelSortDirection", braced("enum ModelSortDirection", ("  ASC", "  DESC")))


def filtered(definitions: Definitions, model: Model) -> list[Field]:
    """The fields of a model that filters know: not those that not all see who see the item, since
    what is found would tell of them."""
    shown = (field for field in model.stored if model.is_shown(field))
    stored = [field for field in shown if is_comparable(field, definitions)]
    return [*stored, *model.stamps]


def _of_model(definitions: Definitions, model: Model, fields: Iterable[Field]) -> Iterator[Block]:
    title, fields = model.title, list(fields)
    lines = [f"  {field.name}: {_input(definitions, field)}" for field in fields]
    name = f"Model{title}FilterInput"
    yield _block(name, [*lines, *_nested(name)], model)
    if any((model.names.create, model.names.update, model.names.delete)):
        name = f"Model{title}ConditionInput"
        rest = [line for field, line in zip(fields, lines, strict=True) if not model.is_key(field)]
        yield _block(name, [*rest, *_nested(name)], model)
    if model.names.subscriptions:
        name = f"ModelSubscription{title}FilterInput"
        heard = [
            f"  {field.name}: ModelSubscription{_heard_as(definitions, field)}Input"
            for field in fields
            if field.name not in model.deciding
        ]
        yield _block(name, [*heard, f"  and: [{name}]", f"  or: [{name}]"], model)


def _nested(name: str) -> tuple[str, str, str]:
    return (f"  and: [{name}]", f"  or: [{name}]", f"  not: {name}")


def _input(definitions: Definitions, field: Field) -> str:
    scalar = SCALARS.get(field.named)
    if scalar:
        return f"Model{scalar.filter}Input"
    return enum_input(field.named, is_list=field.is_list)


def enum_input(enum: str, *, is_list: bool = False) -> str:
    """The input that compares the values of an enum."""
    name = f"{enum}Enum" if enum == _SIZE and not is_list else enum
    return f"Model{name}{'List' if is_list else ''}Input"


def _of_enums(definitions: Definitions, used: Iterable[Field]) -> Iterator[Block]:
    shapes = dict.fromkeys((field.named, field.is_list) for field in used)
    for definition in definitions.all:
        if not isinstance(definition, EnumType):
            continue
        name = definition.name
        if (name, False) in shapes:
            yield _block(enum_input(name), _lines(name, ("eq", "ne")))
        if (name, True) in shapes:
            lists = [f"  eq: [{name}]", f"  ne: [{name}]"]
            parts = _lines(name, ("contains", "notContains"))
            yield _block(enum_input(name, is_list=True), [*lists, *parts])


def _heard_as(definitions: Definitions, field: Field) -> str:
    scalar = SCALARS.get(field.named)
    return scalar.filter if scalar else "String"


def _block(name: str, lines: Iterable[str], model: Model | None = None) -> Block:
    return Block(name, braced(f"input {name}", lines), model.type if model else None)


def _lines(type_: str, operators: Iterable[str]) -> list[str]:
    return [
        f"  {operator}: {f'[{type_}]' if operator in _LISTS else type_}" for operator in operators
    ]


def _indented(names: Iterable[str]) -> list[str]:
    return [f"  {name}" for name in names]
