"""Unit and pipeline resolvers: handlers, stash, what each sees of the one before."""

from dataclasses import replace

import pytest

from localaws.appsync.answers import SourceError
from localaws.appsync.deployed import FunctionSource, NoneSource, Resolver, Step, UnitResolver
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.ports import Evaluation, HandlerError, Json
from localaws.appsync.resolvers import FieldContext, FieldFailed, Run
from tests.unit.localaws.appsync.fakes import Handler, World, fails

CONTEXT = FieldContext(
    arguments={}, source=None, identity=None, headers={}, info={}, environment={}
)


def run_of(world: World) -> Run:
    return Run(world.evaluator, world.sources(), CONTEXT)


async def resolved(world: World) -> Json:
    return await run_of(world).resolve(resolver(world))


def resolver(world: World) -> Resolver:
    return world.resolvers["Query", "a"]


# -- Units ------------------------------------------------------------------------------------


async def test_the_response_handler_sees_what_the_source_answered(world: World) -> None:
    world.unit("Query", "a", lambda _: {"payload": [1]}, lambda ctx: {"seen": ctx["result"]})
    assert await resolved(world) == {"seen": [1]}


async def test_leaving_early_skips_the_source_and_the_response(world: World) -> None:
    early = Evaluation(result="early", early_return=True)
    world.unit("Query", "a", lambda _: early, fails("not to be run"))
    assert await resolved(world) == "early"


async def test_the_response_handler_decides_on_the_sources_error(world: World) -> None:
    absent = FunctionSource("absent", "absent")
    world.function("absent", lambda _: None)
    world.unit(
        "Query",
        "a",
        lambda _: {"operation": "BatchInvoke", "payload": 1},
        lambda ctx: ctx["error"],
        source=absent,
    )
    assert await resolved(world) == {
        "message": "BatchInvoke of 1 payloads needs as many results, got no list.",
        "type": "Lambda:IllegalArgument",
    }


async def test_a_request_that_is_not_an_object_fails_the_field(world: World) -> None:
    world.unit("Query", "a", lambda _: "text")
    with pytest.raises(FieldFailed) as failed:
        await resolved(world)
    assert failed.value.error == HandlerError(
        "The request handler must return an object.", "MappingTemplate"
    )


async def test_an_operation_that_the_source_does_not_have_fails_the_field(world: World) -> None:
    world.unit("Query", "a", lambda _: {"operation": "GetItem"}, source=FunctionSource("f", "f"))
    with pytest.raises(FieldFailed, match=r"^Unsupported operation 'GetItem'\.$"):
        await resolved(world)


async def test_a_function_is_invoked_with_the_payload(world: World) -> None:
    double = world.function("double", lambda payload: payload * 2)
    world.unit("Query", "a", lambda _: {"operation": "Invoke", "payload": 2}, source=double)
    assert await resolved(world) == 4


# -- Pipelines --------------------------------------------------------------------------------


def stashing(ctx: Json) -> Json:
    stash = {"path": [*ctx["stash"].get("path", []), ctx["prev"]["result"]]}
    return Evaluation(result={"payload": len(stash["path"])}, stash=stash)


async def test_functions_see_the_result_before_theirs_and_share_the_stash(world: World) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(stashing),
        world.step(stashing, lambda ctx: [ctx["result"], ctx["prev"]["result"]]),
        before=lambda _: "before",
        after=lambda ctx: {
            "result": ctx["result"],
            "prev": ctx["prev"]["result"],
            "stash": ctx["stash"],
        },
    )
    assert await resolved(world) == {
        "result": [2, 1],
        "prev": [2, 1],
        "stash": {"path": ["before", 1]},
    }


def noting(step: str) -> Handler:
    """A handler that adds its name to an argument, and to its `source`, `identity` and headers."""

    def handler(ctx: Json) -> Evaluation:
        notes = [*ctx["arguments"].get("notes", []), step]
        left = {
            "arguments": {"notes": notes},
            "source": notes,
            "identity": {"notes": notes},
            "request": {"headers": {"x-notes": " ".join(notes)}, "domainName": None},
        }
        return Evaluation(result={}, context=left)

    return handler


async def test_what_a_handler_writes_into_its_context_is_there_for_all_that_follow(
    world: World,
) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(noting("first request"), noting("first response")),
        world.step(noting("second request"), noting("second response")),
        before=noting("before"),
        after=lambda ctx: [ctx[name] for name in ("arguments", "source", "identity", "request")],
    )
    notes = ["before", "first request", "first response", "second request", "second response"]
    assert await resolved(world) == [
        {"notes": notes},
        notes,
        {"notes": notes},
        {"headers": {"x-notes": " ".join(notes)}, "domainName": None},
    ]


FILTERED_THROUGH_ARGUMENTS = """
import { extensions, util } from '@aws-appsync/utils';
export function request(ctx) {
  ctx.args.filter = { owner: { eq: ctx.identity.sub } };
  return { payload: null };
}
export function response(ctx) {
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(ctx.args.filter));
  return null;
}
"""


async def test_a_filter_that_goes_through_the_arguments_filters(world: World) -> None:
    evaluator = JavaScriptEvaluator(workers=1)
    run = Run(evaluator, world.sources(), replace(CONTEXT, identity={"sub": "ada"}))
    step = Step("step", FILTERED_THROUGH_ARGUMENTS, NoneSource("none"))
    try:
        await run.resolve(UnitResolver(step))
    finally:
        evaluator.close()
    condition = {"fieldName": "owner", "operator": "eq", "value": "ada"}
    assert run.effects.subscription_filter == {"filterGroup": [{"filters": [condition]}]}


async def test_the_later_of_two_filters_counts_even_if_it_is_empty(world: World) -> None:
    world.unit(
        "Query",
        "a",
        lambda _: Evaluation(result={}, subscription_filter={"filterGroup": [1]}),
        lambda _: Evaluation(result=None, subscription_filter={}),
    )
    run = run_of(world)
    await run.resolve(resolver(world))
    assert run.effects.subscription_filter == {}


async def test_two_runs_share_nothing_of_their_contexts(world: World) -> None:
    world.unit("Query", "a", noting("request"), lambda ctx: ctx["arguments"]["notes"])
    assert await resolved(world) == ["request"]
    assert await resolved(world) == ["request"]


async def test_a_resolver_that_leaves_early_skips_its_functions(world: World) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(fails("not to be run")),
        before=lambda _: Evaluation(result="early", early_return=True),
        after=lambda ctx: [ctx["prev"]["result"]],
    )
    assert await resolved(world) == ["early"]


async def test_a_function_that_leaves_early_hands_over_to_the_next(world: World) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(lambda _: Evaluation(result="early", early_return=True), fails("not to be run")),
        world.step(lambda ctx: {"payload": [ctx["prev"]["result"], "next"]}),
    )
    assert await resolved(world) == ["early", "next"]


async def test_a_function_may_end_the_pipeline(world: World) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(lambda _: Evaluation(result="end", early_return=True, skip_to_end=True)),
        world.step(fails("not to be run")),
        after=lambda ctx: [ctx["prev"]["result"]],
    )
    assert await resolved(world) == ["end"]


async def test_an_error_ends_the_pipeline(world: World) -> None:
    world.pipeline(
        "Query",
        "a",
        world.step(fails("no", "Refused")),
        world.step(fails("not to be run")),
        after=fails("not to be run"),
    )
    with pytest.raises(FieldFailed) as failed:
        await resolved(world)
    assert failed.value.error == HandlerError("no", "Refused")


async def test_what_handlers_did_besides_is_collected(world: World) -> None:
    first, second = HandlerError("a", "A"), HandlerError("b")
    world.pipeline(
        "Query",
        "a",
        world.step(
            lambda _: Evaluation(
                result={}, appended_errors=(first,), response_headers={"x-a": "1", "x-b": "1"}
            ),
            lambda ctx: Evaluation(
                result=ctx["outErrors"],
                appended_errors=(second,),
                response_headers={"x-b": "2"},
                subscription_filter={"filterGroup": []},
                invalidation_filter={"filterGroup": [1]},
                invalidations=({"subscriptionField": "onPublish"},),
            ),
        ),
    )
    run = run_of(world)
    assert await run.resolve(resolver(world)) == [
        {"message": "a", "type": "A", "data": None, "info": None}
    ]
    assert run.effects.appended_errors == [first, second]
    assert run.effects.response_headers == {"x-a": "1", "x-b": "2"}
    assert run.effects.subscription_filter == {"filterGroup": []}
    assert run.effects.invalidation_filter == {"filterGroup": [1]}
    assert run.effects.invalidations == [{"subscriptionField": "onPublish"}]


def test_the_context_has_the_sources_error_by_its_names() -> None:
    context = CONTEXT.for_handler(
        stash={}, prev=1, result=None, error=SourceError("m", "T"), out_errors=[]
    )
    assert context["error"] == {"message": "m", "type": "T"}
    assert context["prev"] == {"result": 1}
