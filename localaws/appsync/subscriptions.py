"""Subscriptions: which are accepted, which announcements they hear, what they receive.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ExecutionResult,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    execute_sync,
    visit,
)

from localaws.appsync import ports
from localaws.appsync.directives import groups_of
from localaws.appsync.documents import (
    Document,
    Documents,
    InvalidDocument,
    RequestRefused,
    is_subscription,
    root_fields,
    root_keys,
)
from localaws.appsync.errors import to_json
from localaws.appsync.execution import (
    Execution,
    Info,
    RootField,
    Surroundings,
    authorize,
    errors_of,
    run_fields,
)
from localaws.appsync.filters import Filter, FilterError, argument_filter, enhanced_filter
from localaws.appsync.permissions import Permissions
from localaws.appsync.ports import (
    Announcement,
    GraphQLRequest,
    Identity,
    Invalidation,
    Json,
    SubscriptionRefused,
)
from localaws.appsync.schema import Schema
from localaws.appsync.selection import fields_in

# The slot of the operation's name is empty in the service's own message.
_UNSUPPORTED = ports.GraphQLError(
    " not supported through the realtime channel", "UnsupportedOperation"
)
# The service takes several root fields for as many starts with one id, which the socket knows.
_DUPLICATED = ports.GraphQLError("Duplicated operation", "DuplicatedOperationError")


async def accept(
    around: Surroundings,
    documents: Documents,
    permissions: Permissions,
    identity: Identity,
    request: GraphQLRequest,
    headers: Mapping[str, str],
) -> AcceptedSubscription:
    """A subscription, once its document is valid, its field allowed and its resolver content.

    The resolver sees `headers`, those of the connection.

    Raises SubscriptionRefused, and Unauthenticated where IAM does not allow the field.
    """
    document, operation = _read(documents, request)
    asked = root_fields(around.schema, document, operation)
    identity = await permissions.narrowed(identity, asked)
    execution = Execution(around, document, identity, headers, request.variables)
    result = await run_fields(execution, operation)
    if errors := [*_refusals(result, document, around.schema), *execution.appended]:
        raise SubscriptionRefused(errors)
    if not execution.roots:
        # Only __typename, or all of it skipped.
        raise SubscriptionRefused([_UNSUPPORTED])
    root = execution.roots[0]
    return AcceptedSubscription(
        field=root.info.field_name,
        mutations=around.schema.links[root.info.field_name],
        filter=_filter(execution.effects.subscription_filter, root),
        invalidation=_invalidation(execution.effects.invalidation_filter),
        shape=_shape(document, request, identity),
        projection=Projection(around.schema, document, request, identity),
    )


def _read(
    documents: Documents, request: GraphQLRequest
) -> tuple[Document, OperationDefinitionNode]:
    try:
        document = documents.prepare(request.query)
        if not all(is_subscription(operation) for operation in document.operations):
            raise SubscriptionRefused([_UNSUPPORTED])
        operation = document.operation(request.operation_name)
    except RequestRefused as error:
        refusal = ports.GraphQLError(error.message, error.error_type)
        raise SubscriptionRefused([refusal]) from None
    except InvalidDocument as error:
        raise SubscriptionRefused(error.errors) from None
    if len(root_keys(document, operation)) != 1:
        raise SubscriptionRefused([_DUPLICATED])
    return document, operation


def _refusals(
    result: ExecutionResult, document: Document, schema: Schema
) -> Iterator[ports.GraphQLError]:
    for error in errors_of(result, document, schema):
        # A start has no value yet: that of a non-null field is not missing.
        if error.path is None or error.locations is not None:
            yield error


def _filter(group: Json, root: RootField) -> Filter:
    if group is None:
        return argument_filter(_filtered_by(root))
    return _enhanced(group)


def _invalidation(group: Json) -> Filter | None:
    return None if group is None else _enhanced(group)


def _enhanced(group: Json) -> Filter:
    try:
        return enhanced_filter(group)
    except FilterError as error:
        raise SubscriptionRefused([ports.GraphQLError(error.message)]) from None


def _filtered_by(root: RootField) -> Mapping[str, Json]:
    """The arguments to filter by: one given by a variable that is not supplied counts as null,
    where one that is left out does not count.
    """
    written = root.info.field_nodes[0].arguments or ()
    return {argument.name.value: None for argument in written} | dict(root.arguments)


@dataclass(frozen=True, eq=False)
class AcceptedSubscription:
    """What the sockets hold of one start."""

    field: str
    mutations: frozenset[str]
    filter: Filter
    invalidation: Filter | None
    shape: object
    projection: Projection

    def matches(self, announcement: Announcement) -> bool:
        return announcement.mutation in self.mutations and self.filter.matches(announcement.value)

    def ended_by(self, invalidation: Invalidation) -> bool:
        return (
            invalidation.field == self.field
            and self.invalidation is not None
            and self.invalidation.matches(invalidation.payload)
        )

    def payload(self, announcement: Announcement) -> Json:
        return self.projection.payload({self.field: announcement.value})


@dataclass(frozen=True, eq=False)
class Projection:
    """A subscriber's selection, applied to what a mutation selected and answered."""

    schema: Schema
    document: Document
    request: GraphQLRequest
    identity: Identity

    def payload(self, announced: Json) -> Json:
        """`{"data": ...}`, and `errors` where there are any: what was not selected is null."""
        result = execute_sync(
            self.schema.announced,
            self.document.node,
            announced,
            context_value=self,
            variable_values=dict(self.request.variables),
            operation_name=self.request.operation_name,
            field_resolver=_project_field,
            hide_suggestions=True,
        )
        payload: Json = {"data": result.data}
        if errors := [_rendered(e) for e in errors_of(result, self.document, self.schema)]:
            payload["errors"] = errors
        return payload


def _project_field(source: Json, info: Info, /, **_: Json) -> Json:
    projection: Projection = info.context
    authorize(projection.schema, (info.parent_type.name, info.field_name), projection.identity)
    return source.get(info.field_name) if isinstance(source, Mapping) else None


def _rendered(error: ports.GraphQLError) -> Json:
    return {name: value for name, value in to_json(error).items() if value is not None}


def _shape(document: Document, request: GraphQLRequest, identity: Identity) -> object:
    """Variables count only where a selection uses them: most do no more than filter."""
    used = _variables_below_root(document)
    variables = {name: request.variables.get(name) for name in sorted(used)}
    text = json.dumps(variables, sort_keys=True)
    who = (identity.mode, groups_of(identity), identity.denied)
    return (request.query, request.operation_name, text, *who)


def _variables_below_root(document: Document) -> frozenset[str]:
    finder = _VariableFinder()
    for operation in document.operations:
        for root in fields_in(operation.selection_set, document.fragments):
            if root.selection_set:
                visit(root.selection_set, finder)
    for fragment in document.fragments.values():
        visit(fragment, finder)
    return frozenset(finder.names)


class _VariableFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    # Any: the visitor's own signature.
    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)
