"""Query texts made ready to run: parsed, validated, measured, and kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    SingleFieldSubscriptionsRule,
    ValidationRule,
    parse,
    print_ast,
    specified_rules,
    validate,
)

from localaws.appsync import ports
from localaws.appsync.deployed import FieldKey
from localaws.appsync.places import places_in
from localaws.appsync.schema import Schema
from localaws.appsync.selection import fields_in, key_of
from localaws.appsync.wording import reworded
from localaws.errors import LocalAwsError

# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_TOKENS = 15_000

# Clients send the same few documents over and over; parsing and validating one costs more than
# running it. Bounded in number and, as a document may be long, in length.
KEPT_DOCUMENTS = 256
MAX_KEPT_CHARACTERS = 20_000


class RequestRefused(LocalAwsError):
    """The whole request is refused with an HTTP status of its own and no data."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message


class InvalidDocument(LocalAwsError):
    """The document cannot run against the schema: HTTP 200, null data and these errors."""

    def __init__(self, errors: tuple[ports.GraphQLError, ...]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class NoIntrospection(ValidationRule):
    """An API without introspection answers as if the schema had no such fields."""

    # Any: the visitor's own signature.
    def enter_field(self, node: FieldNode, *_: Any) -> None:
        name = node.name.value
        if name in ("__schema", "__type"):
            self.report_error(GraphQLError(f"Cannot query field '{name}' on type 'Query'.", node))


@dataclass(frozen=True)
class Document:
    """A valid document."""

    node: DocumentNode
    _texts: dict[int, str] = field(default_factory=dict, compare=False)

    @cached_property
    def operations(self) -> tuple[OperationDefinitionNode, ...]:
        return tuple(
            node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)
        )

    @cached_property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]:
        return fragments_of(self.node)

    def text_of(self, selections: SelectionSetNode) -> str:
        """One of the document's selection sets, printed. Kept: it costs as much as running it."""
        if id(selections) not in self._texts:
            self._texts[id(selections)] = print_ast(selections)
        return self._texts[id(selections)]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises RequestRefused."""
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        if name is None:
            raise RequestRefused(400, "BadRequestException", "Missing operation name.")
        for operation in self.operations:
            if operation.name and operation.name.value == name:
                return operation
        raise RequestRefused(400, "BadRequestException", f"Unknown operation named '{name}'.")


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: Schema, *, introspection: bool, depth_limit: int) -> None:
        self._schema = schema.executable
        self._depth_limit = depth_limit
        # AppSync answers a subscription with several root fields in its own way.
        rules = [rule for rule in specified_rules if rule is not SingleFieldSubscriptionsRule]
        self._rules = rules if introspection else [*rules, NoIntrospection]
        self._kept = lru_cache(KEPT_DOCUMENTS)(self._prepare)

    def prepare(self, query: str) -> Document:
        """Raises RequestRefused if the text does not parse, InvalidDocument if it cannot run."""
        if len(query) > MAX_KEPT_CHARACTERS:
            return self._prepare(query)
        return self._kept(query)

    def _prepare(self, query: str) -> Document:
        try:
            node = parse(query, max_tokens=MAX_TOKENS, allow_empty_selection_sets=False)
        except (GraphQLError, RecursionError):
            raise RequestRefused(
                400, "MalformedHttpRequestException", "Unable to parse GraphQL query."
            ) from None
        if errors := validate(self._schema, node, self._rules, hide_suggestions=True):
            places = places_in(node)
            raise InvalidDocument(tuple(reworded(error, places) for error in errors))
        if self._depth_limit:
            self._check_depth(node)
        return Document(node)

    def _check_depth(self, node: DocumentNode) -> None:
        depth = depth_of(node)
        if depth > self._depth_limit:
            message = f"Query depth is {depth}, the API's limit is {self._depth_limit}."
            raise InvalidDocument((ports.GraphQLError(message, "QueryDepthLimitReached"),))


def fragments_of(document: DocumentNode) -> Mapping[str, FragmentDefinitionNode]:
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def root_keys(document: Document, operation: OperationDefinitionNode) -> frozenset[str]:
    """The response keys of an operation's root fields."""
    return frozenset(
        key_of(field) for field in fields_in(operation.selection_set, document.fragments)
    )


def root_fields(
    schema: Schema, document: Document, operation: OperationDefinitionNode
) -> frozenset[FieldKey]:
    """The root fields that an operation asks for, introspection apart."""
    root = schema.executable.get_root_type(operation.operation)
    assert root is not None  # otherwise the operation would not be valid
    fields = fields_in(operation.selection_set, document.fragments)
    return frozenset(
        (root.name, field.name.value) for field in fields if not field.name.value.startswith("__")
    )


def depth_of(document: DocumentNode) -> int:
    """The deepest nesting of fields in any operation. Fragments must not cycle."""
    fragments = fragments_of(document)
    return max(
        (
            _depth(node.selection_set, fragments)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ),
        default=0,
    )


def _depth(
    selections: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> int:
    below = (_depth(field.selection_set, fragments) for field in fields_in(selections, fragments))
    return max((1 + depth for depth in below), default=0)


def is_subscription(operation: OperationDefinitionNode) -> bool:
    return operation.operation is OperationType.SUBSCRIPTION
