"""Running one valid operation: authorization and resolver of each field, errors, announcements."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    OperationType,
    execute,
)

from localaws.appsync import ports
from localaws.appsync.batches import Batch
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import Api, FieldKey, FunctionSource, Resolver, UnitResolver
from localaws.appsync.documents import Document
from localaws.appsync.errors import field_error, not_authorized, resolver_error, to_json
from localaws.appsync.ports import (
    Announcement,
    Evaluator,
    HandlerError,
    Identity,
    Invalidation,
    Json,
)
from localaws.appsync.resolvers import Effects, FieldContext, FieldFailed, Run
from localaws.appsync.schema import Schema
from localaws.appsync.selection import info_of
from localaws.appsync.variables import is_variable_error, reworded_variable

# The service's own limit where the API sets none.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_RESOLVERS = 10_000

# Any: what graphql-core hands to resolvers is generic in the context that it was given.
Info = GraphQLResolveInfo[Any]


@dataclass(frozen=True)
class Surroundings:
    """What every request of an API runs with."""

    api: Api
    schema: Schema
    evaluator: Evaluator
    sources: DataSources


@dataclass(frozen=True)
class Executed:
    """A response: its body, the headers that resolvers added; what it announces and ends."""

    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)
    announcements: tuple[Announcement, ...] = ()
    invalidations: tuple[Invalidation, ...] = ()


@dataclass(frozen=True)
class RootField:
    """A root field that ran."""

    info: Info
    arguments: Mapping[str, Json]

    @property
    def key(self) -> str:
        return str(self.info.path.key)


@dataclass
class Execution:
    """One request under way."""

    around: Surroundings
    document: Document
    identity: Identity
    headers: Mapping[str, str]
    variables: Mapping[str, Json]
    appended: list[ports.GraphQLError] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    roots: list[RootField] = field(default_factory=list)
    resolvers_run: int = 0
    _batches: dict[FieldKey, Batch] = field(default_factory=dict)

    def resolve(self, source: Json, info: Info, arguments: Mapping[str, Json]) -> Json:
        """The value of one field, or an awaitable of it. Raises FieldFailed."""
        key = (info.parent_type.name, info.field_name)
        arguments = with_nulls(info, arguments)
        if info.path.prev is None:
            self.roots.append(RootField(info, arguments))
        authorize(self.around.schema, key, self.identity)
        resolver = self.around.api.resolvers.get(key)
        if resolver is None:
            return source.get(info.field_name) if isinstance(source, Mapping) else None
        self._count()
        batch = self._batch(key, resolver)
        if batch:
            batch.enter()
        return self._run(resolver, batch, source, info, arguments)

    async def _run(
        self,
        resolver: Resolver,
        batch: Batch | None,
        source: Json,
        info: Info,
        arguments: Mapping[str, Json],
    ) -> Json:
        context = FieldContext(
            arguments=arguments,
            source=source,
            identity=self.identity.context,
            headers=self.headers,
            info=info_of(info, self.variables, self.document.text_of),
            environment=self.around.api.environment,
        )
        run = Run(self.around.evaluator, self.around.sources, context, batch)
        try:
            return await run.resolve(resolver)
        finally:
            if run.batch:
                run.batch.leave()
            self.effects.add(run.effects)
            self.appended.extend(
                resolver_error(error, info.path.as_list(), info.field_nodes, info.fragments)
                for error in run.effects.appended_errors
            )

    def _batch(self, key: FieldKey, resolver: Resolver) -> Batch | None:
        match resolver:
            case UnitResolver(step) if isinstance(step.source, FunctionSource):
                source = step.source
                sources = self.around.sources
                return self._batches.setdefault(
                    key,
                    Batch(lambda payloads: sources.call_batch(source, payloads), step.batch_size),
                )
            case _:
                return None

    def _count(self) -> None:
        self.resolvers_run += 1
        limit = self.around.api.resolver_limit or MAX_RESOLVERS
        if self.resolvers_run > limit:
            message = f"The request runs more than {limit} resolvers."
            raise FieldFailed(HandlerError(message, "ResolverExecutionLimitReached"))


def with_nulls(info: Info, arguments: Mapping[str, Json]) -> Mapping[str, Json]:
    """A field's arguments as resolvers see them: one whose variable was not given is null there,
    where an argument that is left out is not there at all."""
    written = info.field_nodes[0].arguments or ()
    return {argument.name.value: None for argument in written} | dict(arguments)


def authorize(schema: Schema, key: FieldKey, identity: Identity) -> None:
    """Raises FieldFailed for a field that the caller may not read."""
    if key in identity.denied or not schema.rules[key].allows(identity):
        raise not_authorized(field=key[1], type_name=key[0])


def _resolve_field(source: Json, info: Info, /, **arguments: Json) -> Json:
    """graphql-core's field resolver. Positional, as a field may have arguments of those names."""
    execution: Execution = info.context
    return execution.resolve(source, info, arguments)


async def run_operation(execution: Execution, operation: OperationDefinitionNode) -> Executed:
    """Run a query or a mutation."""
    result = await run_fields(execution, operation)
    errors = [*errors_of(result, execution.document, execution.around.schema), *execution.appended]
    body: Json = {"data": result.data}
    if errors:
        body["errors"] = [to_json(error) for error in errors]
    is_mutation = operation.operation is OperationType.MUTATION
    announcements = _announcements(execution, result.data or {}, errors) if is_mutation else ()
    return Executed(
        body,
        execution.effects.response_headers,
        tuple(announcements),
        tuple(_invalidations(execution.effects.invalidations)) if is_mutation else (),
    )


async def run_fields(execution: Execution, operation: OperationDefinitionNode) -> ExecutionResult:
    """Run an operation of any kind: graphql-core's result, its errors in graphql-core's words."""
    result = execute(
        execution.around.schema.executable,
        execution.document.node,
        context_value=execution,
        variable_values=dict(execution.variables),
        operation_name=operation.name.value if operation.name else None,
        field_resolver=_resolve_field,
        hide_suggestions=True,
    )
    return await result if isinstance(result, Awaitable) else result


def errors_of(
    result: ExecutionResult, document: Document, schema: Schema
) -> Iterator[ports.GraphQLError]:
    """A result's errors in the service's words."""
    for error in result.errors or ():
        if is_variable_error(error):
            yield reworded_variable(error, schema.executable)
        else:
            yield field_error(error, schema.executable, document.fragments)


def _announcements(
    execution: Execution, data: Mapping[str, Json], errors: Iterable[ports.GraphQLError]
) -> Iterator[Announcement]:
    """One for each root field that has subscribers, a value, and was the caller's to read whole.

    Subscribers hear nothing of a mutation whose caller may not read a field that it selected.
    """
    withheld = {error.path[0] for error in errors if error.path and _is_refusal(error)}
    for root in execution.roots:
        name, value = root.info.field_name, data.get(root.key)
        is_heard = name in execution.around.schema.heard_mutations
        if is_heard and value is not None and root.key not in withheld:
            yield Announcement(name, value)


def _is_refusal(error: ports.GraphQLError) -> bool:
    return error.error_type == "Unauthorized"


def _invalidations(asked: Iterable[Json]) -> Iterator[Invalidation]:
    """What resolvers asked for; of what names no field, no subscription is ended."""
    for each in asked:
        match each:
            case {"subscriptionField": str(name)}:
                yield Invalidation(name, each.get("payload"))
