"""Validation errors in AppSync's words.

AppSync runs graphql-java; this package runs graphql-core, which reports the same errors in other
words. The table translates them. A sentence that is not in it is passed on unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from graphql import (
    GraphQLError,
    Node,
)

from localaws.appsync import java, ports
from localaws.appsync.places import Place, locations_of


class Wording(NamedTuple):
    """graphql-core's sentence, and graphql-java's error type and sentence for it."""

    pattern: re.Pattern[str]
    kind: str
    sentence: str


def _wording(pattern: str, kind: str, sentence: str) -> Wording:
    return Wording(re.compile(pattern, re.DOTALL), kind, sentence)


# fmt: off
TABLE = (
    _wording(r"Cannot query field '(?P<field>\w+)' on type '(?P<type>\w+)'\.",
             "FieldUndefined", "Field '{field}' in type '{type}' is undefined"),
    _wording(r"Unknown argument '(?P<name>\w+)' on field '.+'\.",
             "UnknownArgument", "Unknown field argument {name}"),
    _wording(r"Unknown argument '(?P<name>\w+)' on directive '.+'\.",
             "UnknownArgument", "Unknown directive argument {name}"),
    _wording(r"Argument '@\w+\((?P<name>\w+):\)' of type .+ is required, .+",
             "MissingDirectiveArgument", "Missing directive argument {name}"),
    _wording(r"Argument '.+\((?P<name>\w+):\)' of type .+ is required, .+",
             "MissingFieldArgument", "Missing field argument {name}"),
    _wording(r"Field '(?P<field>\w+)' must not have a selection since type '(?P<type>.+)' has .+",
             "SubSelectionNotAllowed",
             "Sub selection not allowed on leaf type {type} of field {field}"),
    _wording(r"Field '(?P<field>\w+)' of type '(?P<type>.+)' must have .+",
             "SubSelectionRequired", "Sub selection required for type {type} of field {field}"),
    _wording(r"Unknown type '(?P<type>\w+)'\.", "UnknownType", "Unknown type {type}"),
    _wording(r"Unknown fragment '(?P<name>\w+)'\.",
             "UndefinedFragment", "Undefined fragment {name}"),
    _wording(r"Fragment '(?P<name>\w+)' is never used\.",
             "UnusedFragment", "Unused fragment {name}"),
    _wording(r"Cannot spread fragment '\w+' within itself.*",
             "FragmentCycle", "Fragment cycles not allowed"),
    _wording(r"Fragment '?(?P<name>\w*)'? ?cannot be spread here as objects "
             r"of type '(?P<parent>\w+)' can never be of type '(?P<type>\w+)'\.",
             "InvalidFragmentType",
             "Fragment {name} cannot be spread here as objects of type {parent} "
             "can never be of type {type}"),
    _wording(r"Fragment cannot condition on non composite type .+",
             "InlineFragmentTypeConditionInvalid",
             "Inline fragment type condition is invalid, must be on Object/Interface/Union"),
    _wording(r"Fragment '\w+' cannot condition on non composite type .+",
             "FragmentTypeConditionInvalid",
             "Fragment type condition is invalid, must be on Object/Interface/Union"),
    _wording(r"Variable '\$(?P<name>\w+)' is not defined.*",
             "UndefinedVariable", "Undefined variable {name}"),
    _wording(r"Variable '\$(?P<name>\w+)' is never used.*",
             "UnusedVariable", "Unused variable {name}"),
    _wording(r"Variable '\$\w+' of type '(?P<type>.+)' used in position expecting "
             r"type '(?P<to>.+)'\.",
             "VariableTypeMismatch", "Variable type '{type}' doesn't match expected type '{to}'"),
    _wording(r"Variable '\$(?P<name>\w+)' cannot be non-input type '(?P<type>.+)'\.",
             "NonInputTypeOnVariable", "Input variable {name} type {type} is not an input type"),
    _wording(r"Fields '(?P<name>.+)' conflict because (?P<reason>.+)\. Use different .+",
             "FieldsConflict", "{name}: {reason}"),
    _wording(r"Unknown directive '@(?P<name>\w+)'\.",
             "UnknownDirective", "Unknown directive {name}"),
    _wording(r"Directive '@(?P<name>\w+)' may not be used on .+",
             "MisplacedDirective", "Directive {name} not allowed here"),
    _wording(r"The directive '@(?P<name>\w+)' can only be used once at this location\.",
             "DuplicateDirectiveName",
             "Non repeatable directives must be uniquely named within a location. "
             "The directive '{name}' is not unique."),
    _wording(r"This anonymous operation must be the only defined operation\.",
             "LoneAnonymousOperationViolation", "Anonymous operation with other operations."),
    _wording(r"The (?P<name>.+) definition is not executable\.",
             "NonExecutableDefinition", "{name} definition is not executable"),
    _wording(r"There can be only one operation named '(?P<name>\w+)'\.",
             "DuplicateOperationName", "There can be only one operation named '{name}'"),
    _wording(r"There can be only one fragment named '(?P<name>\w+)'\.",
             "DuplicateFragmentName", "There can be only one fragment named '{name}'"),
    _wording(r"There can be only one argument named '(?P<name>\w+)'\.",
             "DuplicateArgumentNames", "There can be only one argument named '{name}'"),
    _wording(r"There can be only one variable named '\$(?P<name>\w+)'\.",
             "DuplicateVariableName", "There can be only one variable named '{name}'"),
    _wording(r"Expected value of non-null type '.+' not to be None\.",
             "WrongType", "argument '{argument}' with value '{value}' must not be null"),
    _wording(r"Expected value of type '.+' to include required field '(?P<field>\w+)', .+",
             "WrongType", "argument '{argument}' with value '{value}' "
             "is missing required fields '[{field}]'"),
    _wording(r"Expected value of type '(?P<type>.+)' not to include unknown field "
             r"'(?P<field>\w+)', .+",
             "WrongType", "argument '{argument}' with value '{value}' "
             "contains a field not in '{type}': '{field}'"),
    _wording(r"Expected value of type '(?P<type>[^']+)'.+",
             "WrongType", "argument '{argument}' with value '{value}' is not a valid '{type}'"),
)
# fmt: on


def reworded(error: GraphQLError, places: Mapping[int, Place]) -> ports.GraphQLError:
    """One validation error as the service reports it."""
    known = sorted((node for node in error.nodes or () if id(node) in places), key=_position)
    if not known:
        return ports.GraphQLError(error.message)
    # Where graphql-core names a definition and its use, the service reports the use.
    node, place = known[-1], places[id(known[-1])]
    for wording in TABLE:
        if matched := wording.pattern.fullmatch(error.message):
            where = place.argument_node if wording.kind == "WrongType" else None
            return ports.GraphQLError(
                message=_message(wording, matched, place), locations=locations_of(where or node)
            )
    return ports.GraphQLError(error.message, locations=locations_of(node))


def _message(wording: Wording, matched: re.Match[str], place: Place) -> str:
    sentence = wording.sentence.format(
        **matched.groupdict(), argument=".".join(place.argument), value=java.literal(place.value)
    )
    path = f" @ '{'/'.join(place.path)}'" if place.path else ""
    return f"Validation error of type {wording.kind}: {sentence}{path}"


def _position(node: Node) -> int:
    return node.loc.start if node.loc else 0
