"""Running a resolver: its handlers, and the data sources between them.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-components.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import assert_never

from localaws.appsync.answers import Answer, InvalidRequest, SourceError
from localaws.appsync.batches import Batch
from localaws.appsync.data_sources import DataSources, is_batch
from localaws.appsync.deployed import DataSource, PipelineResolver, Resolver, Step, UnitResolver
from localaws.appsync.ports import Evaluation, Evaluator, HandlerError, HandlerName, Json
from localaws.errors import LocalAwsError


class FieldFailed(LocalAwsError):
    """A resolver said that its field fails, or broke."""

    def __init__(self, error: HandlerError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True)
class FieldContext:
    """What every handler of one resolver run learns about the field and the caller.

    The service keeps one context for the run: a handler may write into its members, and the
    handlers after it find what it wrote.
    """

    arguments: Mapping[str, Json]
    source: Json
    identity: Json
    headers: Mapping[str, str]
    info: Json
    environment: Mapping[str, str]

    def left_by(self, evaluation: Evaluation) -> FieldContext:
        """The context as a handler left it."""
        written = evaluation.context
        return replace(
            self,
            arguments=written.get("arguments", self.arguments),
            source=written.get("source", self.source),
            identity=written.get("identity", self.identity),
            headers=written.get("request", {}).get("headers", self.headers),
        )

    def for_handler(
        self,
        *,
        stash: Mapping[str, Json],
        prev: Json,
        result: Json,
        error: SourceError | None,
        out_errors: list[Json],
    ) -> Json:
        """`ctx`, as evaluate-code takes it."""
        return {
            "arguments": dict(self.arguments),
            "source": self.source,
            "identity": self.identity,
            "request": {"headers": dict(self.headers), "domainName": None},
            "info": self.info,
            "env": dict(self.environment),
            "stash": dict(stash),
            "prev": {"result": prev},
            "result": result,
            "error": asdict(error) if error else None,
            "outErrors": out_errors,
        }


@dataclass
class Effects:
    """What handlers did besides returning a result, in the order in which they ran."""

    appended_errors: list[HandlerError] = field(default_factory=list)
    response_headers: dict[str, str] = field(default_factory=dict)
    subscription_filter: Json = None
    invalidation_filter: Json = None
    invalidations: list[Json] = field(default_factory=list)

    def add(self, later: Effects | Evaluation) -> None:
        """The later of two filters counts, even if it is empty: an empty one is refused."""
        self.appended_errors.extend(later.appended_errors)
        self.response_headers.update(later.response_headers)
        if later.subscription_filter is not None:
            self.subscription_filter = later.subscription_filter
        if later.invalidation_filter is not None:
            self.invalidation_filter = later.invalidation_filter
        self.invalidations.extend(later.invalidations)


@dataclass
class Run:
    """One run of one resolver, and what its handlers did besides returning a result."""

    evaluator: Evaluator
    sources: DataSources
    context: FieldContext
    # Where BatchInvoke requests wait for each other; without one, each goes out alone.
    batch: Batch | None = None
    stash: Mapping[str, Json] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)

    async def resolve(self, resolver: Resolver) -> Json:
        """The field's value. Raises FieldFailed."""
        match resolver:
            case UnitResolver(step):
                return (await self._step(step, prev=None)).result
            case PipelineResolver():
                return await self._pipeline(resolver)
            case _:
                assert_never(resolver)

    async def _pipeline(self, resolver: PipelineResolver) -> Json:
        last = await self._handle(resolver.code, HandlerName.REQUEST, prev=None)
        for function in () if last.early_return else resolver.functions:
            last = await self._step(function, prev=last.result)
            if last.skip_to_end:
                break
        after = await self._handle(
            resolver.code, HandlerName.RESPONSE, prev=last.result, result=last.result
        )
        return after.result

    async def _step(self, step: Step, *, prev: Json) -> Evaluation:
        """What the step ended with: its response handler or, left early, its request handler."""
        request = await self._handle(step.code, HandlerName.REQUEST, prev=prev)
        if request.early_return:
            return request
        answer = await self._call(step.source, request.result)
        return await self._handle(
            step.code, HandlerName.RESPONSE, prev=prev, result=answer.result, error=answer.error
        )

    async def _call(self, source: DataSource, request: Json) -> Answer:
        if self.batch and is_batch(request):
            # The batch counts on every run to add or to leave, once.
            batch, self.batch = self.batch, None
            return await batch.add(request.get("payload"))
        try:
            return await self.sources.call(source, request)
        except InvalidRequest as error:
            raise FieldFailed(HandlerError(str(error), "MappingTemplate")) from None

    async def _handle(
        self,
        code: str,
        function: HandlerName,
        *,
        prev: Json,
        result: Json = None,
        error: SourceError | None = None,
    ) -> Evaluation:
        context = self.context.for_handler(
            stash=self.stash,
            prev=prev,
            result=result,
            error=error,
            out_errors=[asdict(each) for each in self.effects.appended_errors],
        )
        evaluation = await self.evaluator.evaluate(code, function, context)
        self.stash = evaluation.stash
        self.context = self.context.left_by(evaluation)
        self.effects.add(evaluation)
        if evaluation.error:
            raise FieldFailed(evaluation.error)
        return evaluation
