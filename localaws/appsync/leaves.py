"""GraphQL's own leaf types as the service coerces them, which is less strict than graphql-core.

The service runs a release of graphql-java that accepts "7" for a number and "false" for `false`, in
variables and in what resolvers return. Literals in a document are read as strictly as here.
https://github.com/graphql-java/graphql-java/tree/v16.2/src/main/java/graphql/scalar
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
    ValueNode,
    print_ast,
)

from localaws.appsync import java
from localaws.appsync.ports import Json
from localaws.appsync.scalars import InvalidValue


def to_int(value: Json) -> int:
    """Int: a number, or the text of one, that is whole and fits 32 bits."""
    number = _number(value, "Int")
    if number != number.to_integral_value() or not GRAPHQL_MIN_INT <= number <= GRAPHQL_MAX_INT:
        raise _unexpected("Int", value)
    return int(number)


def to_float(value: Json) -> float:
    """Float: a number, or the text of one, rounded to a double."""
    number = float(_number(value, "Float"))
    if not math.isfinite(number):
        raise _unexpected("Float", value)
    return number


def to_boolean(value: Json) -> bool:
    """Boolean: any text but "true" is false, in any case, and any number but zero is true."""
    match value:
        case bool():
            return value
        case str():
            return value.lower() == "true"
        case int() | float():
            return value != 0
        case _:
            raise _unexpected("Boolean", value)


def to_string(value: Json) -> str:
    """String: any value, as text."""
    return java.text(value)


def to_id(value: Json) -> str:
    """ID: a string or a whole number."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise _unexpected("ID", value)


def equip_leaves() -> None:
    """Make graphql-core coerce its own scalars this way, for the whole process."""
    for scalar, coerce in _COERCIONS.items():
        scalar.coerce_output_value = coerce
        scalar.coerce_input_value = coerce
        scalar.coerce_input_literal = _literal(_READ_LITERAL[scalar.name])


def equip_enum(enum: GraphQLEnumType) -> None:
    """Make an enum report unknown values in the service's words."""
    # A scalar's functions are attributes; an enum's are methods, which attributes hide.
    setattr(enum, "coerce_input_value", _enum(enum, "No value found for name"))  # noqa: B010
    setattr(enum, "coerce_output_value", _enum(enum, "Unknown value"))  # noqa: B010
    read = partial(GraphQLEnumType.coerce_input_literal, enum)
    setattr(enum, "coerce_input_literal", _literal(read))  # noqa: B010


def _enum(enum: GraphQLEnumType, complaint: str) -> Callable[..., str]:
    # graphql-core also passes whether to make suggestions; the service never makes any.
    def coerce(value: Json, *_: bool) -> str:
        if isinstance(value, str) and value in enum.values:
            return value
        raise InvalidValue(
            f"Invalid input for Enum '{enum.name}'. {complaint} '{java.text(value)}'"
        )

    return coerce


def _literal(read: Callable[..., Json]) -> Callable[..., Json]:
    """Reads a literal as graphql-core does, but lets the caller say where it is, which
    graphql-core's own error for a list or an object loses; and refuses 1e999."""

    def coerce(node: ValueNode, *options: bool) -> Json:
        try:
            value = read(node, *options)
        except GraphQLError as error:
            raise InvalidValue(error.message) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidValue(f"{print_ast(node)} is too large")
        return value

    return coerce


_COERCIONS: Mapping[GraphQLScalarType, Callable[[Json], Json]] = {
    GraphQLInt: to_int,
    GraphQLFloat: to_float,
    GraphQLBoolean: to_boolean,
    GraphQLString: to_string,
    GraphQLID: to_id,
}


def _reader(scalar: GraphQLScalarType) -> Callable[..., Json]:
    assert scalar.coerce_input_literal is not None  # graphql-core defines it
    return scalar.coerce_input_literal


# As graphql-core has them, before they are replaced.
_READ_LITERAL = {scalar.name: _reader(scalar) for scalar in _COERCIONS}


def _number(value: Json, type_: str) -> Decimal:
    is_numeric = isinstance(value, int | float | str) and not isinstance(value, bool)
    try:
        number = Decimal(_digits(value)) if is_numeric else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise _unexpected(type_, value)
    return number


def _digits(value: float | str) -> str:
    # Decimal reads blanks, underscores and other scripts' digits, which Java does not.
    text = repr(value) if isinstance(value, float) else str(value)
    return text if text.isascii() and not set(text) & set(" _\t\n\r\v\f") else ""


def _unexpected(type_: str, value: Json) -> InvalidValue:
    return InvalidValue(f"Expected type '{type_}' but was '{java.type_name(value)}'.")
