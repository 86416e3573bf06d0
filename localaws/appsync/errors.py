"""Errors of a running request, in AppSync's shape and words."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
)

from localaws.appsync import ports
from localaws.appsync.places import locations_of
from localaws.appsync.ports import HandlerError, Json
from localaws.appsync.resolvers import FieldFailed
from localaws.appsync.scalars import InvalidValue
from localaws.appsync.selection import filtered

log = logging.getLogger(__name__)

_NULL = re.compile(r"Cannot return null for non-nullable field (?P<type>\w+)\.(?P<field>\w+)\.")
_NO_OBJECT = re.compile(
    r"Abstract type '(?P<type>\w+)' .+"
    r"|Runtime Object type '\w+' is not a possible type for '(?P<other>\w+)'\.",
    re.DOTALL,
)
_NO_LIST = re.compile(r"Expected Iterable, but did not find one for field .+")

Path = Sequence[str | int]


def to_json(error: ports.GraphQLError) -> Json:
    """One entry of `errors`. A resolver's error has all its fields, even if null."""
    rendered: dict[str, Json] = {"path": list(error.path) if error.path is not None else None}
    if error.path is not None and error.locations is not None:
        rendered |= {
            "data": error.data,
            "errorType": error.error_type,
            "errorInfo": error.error_info,
        }
    elif error.error_type is not None:
        rendered["errorType"] = error.error_type
    return rendered | {"locations": error.locations, "message": error.message}


def not_authorized(field: str, type_name: str) -> FieldFailed:
    """The caller's mode may not read this field."""
    return FieldFailed(
        HandlerError(f"Not Authorized to access {field} on type {type_name}", "Unauthorized")
    )


def resolver_error(
    error: HandlerError,
    path: Path,
    nodes: Sequence[FieldNode],
    fragments: Mapping[str, FragmentDefinitionNode],
) -> ports.GraphQLError:
    """The error that a resolver reported for its field."""
    return ports.GraphQLError(
        message=error.message,
        error_type=error.type,
        error_info=error.info,
        data=filtered(error.data, nodes, fragments),
        path=path,
        locations=locations_of(*nodes[:1]),
    )


def field_error(
    error: GraphQLError,
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> ports.GraphQLError:
    """An error that graphql-core located at a field, as the service reports it."""
    path = error.path or []
    if isinstance(error.original_error, FieldFailed):
        nodes = [node for node in error.nodes or () if isinstance(node, FieldNode)]
        return resolver_error(error.original_error.error, path, nodes, fragments)
    if refusal := _abstract_refusal(error, path):
        return refusal
    if message := _completion_message(error, path, schema):
        return ports.GraphQLError(message, path=path)
    # Neither a resolver's error nor a value of the wrong type: a fault of this program.
    log.error("%s failed", path_text(path), exc_info=error.original_error)
    return ports.GraphQLError(
        "An internal failure occurred.",
        "InternalFailure",
        path=path,
        locations=locations_of(*(error.nodes or ())[:1]),
    )


def _abstract_refusal(error: GraphQLError, path: Path) -> ports.GraphQLError | None:
    """The error of an interface or union whose resolver returned no object of one of its types."""
    found = _NO_OBJECT.fullmatch(error.message)
    if found is None:
        return None
    name = found["type"] or found["other"]
    # As observed, including the stray apostrophe (aws/aws-appsync-community#84).
    message = f"Could not determine the exact type of {name}. Expected MAP/OBJECT type.'"
    return ports.GraphQLError(message, "BadRequestException", path=path)


def _completion_message(error: GraphQLError, path: Path, schema: GraphQLSchema) -> str | None:
    where, message = path_text(path), error.message
    if isinstance(error.original_error, InvalidValue):
        return f"Can't serialize value ({where}) : {message}"
    if found := _NULL.fullmatch(message):
        type_ = _type_at(path, schema, found["type"], found["field"])
        return (
            f"Cannot return null for non-nullable type: '{type_}' "
            f"within parent '{found['type']}' ({where})"
        )
    if _NO_LIST.fullmatch(message):
        return f"Can't resolve value ({where}) : type mismatch error, expected type LIST"
    return None


def path_text(path: Path) -> str:
    """A path as the service writes it: /list/items[0]/id."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path)


def _type_at(path: Path, schema: GraphQLSchema, type_name: str, field: str) -> str:
    """The type that was null: the field's or, if the path ends in indices, that of its items."""
    parent = schema.get_type(type_name)
    assert isinstance(parent, GraphQLObjectType)  # graphql-core reported it as null
    # Any: graphql-core's wrapping types are generic in what they wrap.
    type_: GraphQLType | GraphQLNonNull[Any] | GraphQLList[Any] = parent.fields[field].type
    for step in reversed(path):
        if not isinstance(step, int):
            break
        type_ = _without_non_null(type_)
        if isinstance(type_, GraphQLList):
            type_ = type_.of_type
    return str(_without_non_null(type_))


def _without_non_null(type_: GraphQLType) -> GraphQLType:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
