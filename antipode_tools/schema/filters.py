"""What lists can be asked for: filters by the fields' own types, and conditions on sort keys.

The operators are those of AppSync's util.transform and of DynamoDB's key conditions.
https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-util-transform-js.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Definitions, EnumType, Field
from antipode_tools.schema.models import Model, is_comparable
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import STAMPS

_EQUAL = ("eq", "ne")
_ORDERED = ("lt", "le", "gt", "ge")
_LISTS = ("between", "in")
_TEXT = ("contains", "notContains", "beginsWith")
_KEY = ("eq", *_ORDERED, "between")

# What the input of each kind of scalar compares with, and how.
_OPERATORS = {
    "ID": ("ID", (*_EQUAL, *_ORDERED, *_LISTS, *_TEXT)),
    "String": ("String", (*_EQUAL, *_ORDERED, *_LISTS, *_TEXT)),
    "Int": ("Int", (*_EQUAL, *_ORDERED, *_LISTS)),
    "Float": ("Float", (*_EQUAL, *_ORDERED, *_LISTS)),
    "Timestamp": ("AWSTimestamp", (*_EQUAL, *_ORDERED, *_LISTS)),
    "Boolean": ("Boolean", _EQUAL),
}


def filters(definitions: Definitions, models: tuple[Model, ...]) -> Iterator[Block]:
    """The filter of every model, and those of the enums and scalars in them."""
    compared = {model.name: _compared(definitions, model) for model in models}
    for model in models:
        yield _model_filter(definitions, model, compared[model.name])
    used = {field.named for fields in compared.values() for field in fields}
    for definition in definitions.all:
        if isinstance(definition, EnumType) and definition.name in used:
            yield _operators(f"{definition.name}FilterInput", definition.name, (*_EQUAL, "in"))
    kinds = {scalar.filter for name in used if (scalar := SCALARS.get(name))}
    for kind, (type_, operators) in _OPERATORS.items():
        if kind in kinds:
            yield _operators(f"{kind}FilterInput", type_, operators)


def key_conditions(models: Iterable[Model]) -> Iterator[Block]:
    """The conditions on the sort keys that there are, and the order of what is found."""
    keyed = [each for model in models for each in (model, *model.indexes)]
    sorts = [each.sort for each in keyed if each.sort]
    used = {key_condition(field) for field in sorts}
    conditions = {
        "StringKeyConditionInput": ("String", (*_KEY, "beginsWith")),
        "IntKeyConditionInput": ("Int", _KEY),
        "FloatKeyConditionInput": ("Float", _KEY),
        "TimestampKeyConditionInput": ("AWSTimestamp", _KEY),
    }
    for name, (type_, operators) in conditions.items():
        if name in used:
            yield Block(name, braced(f"input {name}", _lines(type_, operators)))
    for enum in dict.fromkeys(field.named for field in sorts if field.named not in SCALARS):
        # DynamoDB orders the values as texts, which says nothing of an enum.
        name = f"{enum}KeyConditionInput"
        yield Block(name, braced(f"input {name}", _lines(enum, ("eq",))))
    if used:
        yield Block("SortDirection", braced("enum SortDirection", ("  ASC", "  DESC")))


def key_condition(field: Field) -> str:
    """The input type of the condition on a sort key."""
    scalar = SCALARS.get(field.named)
    is_text = scalar is not None and scalar.key_type == "S"
    return f"{'String' if is_text else scalar.filter if scalar else field.named}KeyConditionInput"


def _compared(definitions: Definitions, model: Model) -> list[Field]:
    fields = [field for field in model.type.fields if is_comparable(field, definitions)]
    return [*fields, *STAMPS]


def _model_filter(definitions: Definitions, model: Model, fields: Iterable[Field]) -> Block:
    name = f"{model.name}FilterInput"
    lines = [f"  {field.name}: {_filter_of(field)}" for field in fields]
    nested = [f"  and: [{name}]", f"  or: [{name}]", f"  not: {name}"]
    return Block(name, braced(f"input {name}", [*lines, *nested]), model.type)


def _filter_of(field: Field) -> str:
    scalar = SCALARS.get(field.named)
    return f"{scalar.filter if scalar else field.named}FilterInput"


def _operators(name: str, type_: str, operators: Iterable[str]) -> Block:
    lines = [*_lines(type_, operators), "  attributeExists: Boolean"]
    return Block(name, braced(f"input {name}", lines))


def _lines(type_: str, operators: Iterable[str]) -> list[str]:
    return [
        f"  {operator}: {f'[{type_}]' if operator in _LISTS else type_}" for operator in operators
    ]
