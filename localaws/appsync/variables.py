"""Errors in the variables of a request, in AppSync's words."""

from __future__ import annotations

import ast
import re

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    VariableDefinitionNode,
)

from localaws.appsync import java, ports
from localaws.appsync.places import locations_of
from localaws.appsync.scalars import InvalidValue

_NULL = re.compile(r"Expected (?:a )?value of non-null type '(?P<type>.+)' .+", re.DOTALL)
_MISSING = re.compile(
    r"Expected value of type '(?P<type>\w+)' to include required field '(?P<field>\w+)', .+",
    re.DOTALL,
)
_UNKNOWN = re.compile(
    r"Expected value of type '(?P<type>\w+)' "
    r"not to include unknown field '(?P<field>.*?)', found: .+",
    re.DOTALL,
)
_NO_OBJECT = re.compile(
    r"Expected value of type '\w+' to be an object, found: (?P<found>.+)\.", re.DOTALL
)
_LAST_NAME = re.compile(r".*\.(?P<name>\w+)(\[\d+\])*'?", re.DOTALL)


def is_variable_error(error: GraphQLError) -> bool:
    """Whether the error is about a variable's value, which fails the whole request."""
    return _definition(error) is not None


def reworded_variable(error: GraphQLError, schema: GraphQLSchema) -> ports.GraphQLError:
    """An error in a variable's value, as the service reports it."""
    definition = _definition(error)
    if definition is None:
        return ports.GraphQLError(error.message)
    reason = getattr(error.original_error, "message", error.message)
    name = definition.variable.name.value
    if found := _UNKNOWN.fullmatch(reason):
        # With the trailing space and without a location, as the service writes it.
        return ports.GraphQLError(
            f"The variables input contains a field name '{found['field']}' "
            f"that is not defined for input object type '{found['type']}' "
        )
    message = _null_message(name, reason, schema) or _value_message(name, reason, error)
    return ports.GraphQLError(message, locations=locations_of(definition))


def _definition(error: GraphQLError) -> VariableDefinitionNode | None:
    node = next(iter(error.nodes or ()), None)
    return node if isinstance(node, VariableDefinitionNode) else None


def _null_message(name: str, reason: str, schema: GraphQLSchema) -> str | None:
    # The service names the variable, not the field within it that is null:
    # https://github.com/aws/aws-appsync-community/issues/406
    if found := _NULL.fullmatch(reason):
        return f"Variable '{name}' has coerced Null value for NonNull type '{found['type']}'"
    if found := _MISSING.fullmatch(reason):
        parent = schema.get_type(found["type"])
        assert isinstance(parent, GraphQLInputObjectType)  # graphql-core reported it as null
        type_ = parent.fields[found["field"]].type
        return f"Variable '{name}' has coerced Null value for NonNull type '{type_}'"
    return None


def _value_message(name: str, reason: str, error: GraphQLError) -> str:
    """The service names the innermost field: `phone` for `$input.person.phone`."""
    place = error.message.removesuffix(f": {reason}")
    innermost = _LAST_NAME.fullmatch(place)
    called = innermost["name"] if innermost else name
    return f"Variable '{called}' has an invalid value. {_why(reason, error)}"


def _why(reason: str, error: GraphQLError) -> str:
    cause = getattr(error.original_error, "original_error", None)
    if isinstance(cause, InvalidValue):
        return str(cause)
    if found := _NO_OBJECT.fullmatch(reason):
        return (
            f"Expected type 'Map' but was '{_type_of(found['found'])}'. "
            "Variables for input objects must be an instance of type 'Map'."
        )
    # Anything else that a scalar raised is not shown to clients; a @oneOf has its own message.
    return "" if cause else reason


def _type_of(inspected: str) -> str:
    """The type of a value of which only graphql-core's printed form is left."""
    match inspected[0]:
        case "'" | '"':
            return "String"
        case "[":
            return "ArrayList"
        case _:
            return java.type_name(ast.literal_eval(inspected))
