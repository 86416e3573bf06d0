from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.javascript.evaluator import CodeRunner, JavaScriptEvaluator
from localaws.appsync.javascript.sandbox import Limits
from localaws.appsync.ports import Evaluation, Evaluator, HandlerError, HandlerName, Json

ECHO = "export function request(ctx) { return ctx.args.value; }"


@pytest.fixture
def evaluator() -> Iterator[JavaScriptEvaluator]:
    evaluator = JavaScriptEvaluator(clock=lambda: 0.0, random=lambda count: bytes(count))
    yield evaluator
    evaluator.close()


async def test_a_handler_is_evaluated(evaluator: Evaluator) -> None:
    code = (
        "export function request(ctx) {\n"
        "  ctx.stash.seen = ctx.args.a === ctx.arguments.a;\n"
        "  console.log(ctx.env.REGION);\n"
        "  return { now: util.time.nowISO8601(), gone: undefined, list: [undefined] };\n"
        "}"
    )
    context = {"arguments": {"a": 1}, "stash": {"kept": True}, "env": {"REGION": "eu-west-1"}}

    evaluation = await evaluator.evaluate(code, HandlerName.REQUEST, context)

    assert evaluation == Evaluation(
        result={"now": "1970-01-01T00:00:00.000Z", "list": [None]},
        stash={"kept": True, "seen": True},
        logs=('INFO - code.js:3:3: "eu-west-1"',),
    )


async def test_a_handler_that_returns_nothing_has_no_result(evaluator: Evaluator) -> None:
    evaluation = await evaluator.evaluate(
        "export function request(ctx) {}", HandlerName.REQUEST, {}
    )

    assert evaluation == Evaluation()


async def test_what_a_handler_wrote_into_its_context_is_returned(evaluator: Evaluator) -> None:
    code = (
        "export function request(ctx) {\n"
        "  ctx.args.filter = { owner: { eq: ctx.identity.sub } };\n"
        "  ctx.request.headers.via = 'handler';\n"
        "}"
    )
    context = {
        "arguments": {"id": "1"},
        "source": {"name": "parent"},
        "identity": {"sub": "ada"},
        "request": {"headers": {"host": "h"}, "domainName": None},
    }

    evaluation = await evaluator.evaluate(code, HandlerName.REQUEST, context)

    assert evaluation == Evaluation(
        context={
            "arguments": {"id": "1", "filter": {"owner": {"eq": "ada"}}},
            "request": {"headers": {"host": "h", "via": "handler"}, "domainName": None},
        }
    )


async def test_a_handler_whose_result_is_not_json_is_broken(evaluator: Evaluator) -> None:
    code = "export function request(ctx) { const a = {}; a.a = a; return a; }"

    evaluation = await evaluator.evaluate(code, HandlerName.REQUEST, {})

    message = "code.js: TypeError: circular reference"
    assert evaluation.error == HandlerError(message, "Code")


@pytest.mark.parametrize(
    "body",
    [
        "ctx.stash.a = ctx.stash;",
        "ctx.args.a = ctx.args;",
        "util.appendError('m', 't', ctx); ctx.stash.c = ctx;",
        "extensions.setSubscriptionFilter(ctx); ctx.stash.c = ctx;",
    ],
)
async def test_a_handler_that_leaves_what_is_not_json_is_broken(
    evaluator: Evaluator, body: str
) -> None:
    code = f"export function request(ctx) {{ {body} return 1; }}"

    evaluation = await evaluator.evaluate(code, HandlerName.REQUEST, {})

    error = HandlerError("code.js: TypeError: circular reference", "Code")
    assert evaluation == Evaluation(error=error)


async def test_code_that_would_not_be_deployed_is_an_error_each_time(evaluator: Evaluator) -> None:
    code = "export function request(ctx) { return /a/; }"

    first = await evaluator.evaluate(code, HandlerName.REQUEST, {})
    second = await evaluator.evaluate(code, HandlerName.REQUEST, {})

    value = "code.js(1,39): error @aws-appsync/no-regex: Regex literals are not supported."
    location = {"line": 1, "column": 39, "span": 3}
    codes = [{"errorType": "LINT_ERROR", "value": value, "location": location}]
    assert first == Evaluation(
        error=HandlerError(f"Error: {value}", "Code", info={"codeErrors": codes})
    )
    assert second == first


async def test_a_handler_that_is_not_exported_is_an_error(evaluator: Evaluator) -> None:
    evaluation = await evaluator.evaluate(ECHO, HandlerName.RESPONSE, {})

    assert evaluation.error is not None
    assert evaluation.error.message == "Error: Unable to find valid export for response"


async def test_handlers_of_many_requests_do_not_mix(evaluator: Evaluator) -> None:
    codes = [f"{ECHO}// {number}" for number in range(5)]

    evaluations = await asyncio.gather(
        *(
            evaluator.evaluate(codes[number % 5], HandlerName.REQUEST, {"args": {"value": number}})
            for number in range(100)
        )
    )

    assert [evaluation.result for evaluation in evaluations] == list(range(100))


async def test_closing_ends_the_threads() -> None:
    before = threading.active_count()
    evaluator = JavaScriptEvaluator()
    await evaluator.evaluate(ECHO, HandlerName.REQUEST, {})

    evaluator.close()

    assert threading.active_count() == before


def test_the_least_recently_used_code_makes_room() -> None:
    runner = CodeRunner(capacity=2)
    codes = [f"{ECHO}// {number}" for number in range(3)]

    for code in [codes[0], codes[1], codes[0], codes[2]]:
        runner.run(code, HandlerName.REQUEST, {})

    assert list(runner) == [codes[0], codes[2]]


def test_code_is_run_again_after_it_was_stopped() -> None:
    runner = CodeRunner(limits=Limits(cpu_s=0.2))
    loop = "for (const a of ctx.args.items)"
    code = f"export function request(ctx) {{ {loop} {loop} {loop} {loop} {{ ctx.stash.a = a; }} }}"

    stopped = runner.run(code, HandlerName.REQUEST, {"args": {"items": list(range(1000))}})
    again = runner.run(code, HandlerName.REQUEST, {"args": {"items": [1]}})

    assert stopped.error == HandlerError("Execution timed out.", "ExecutionTimeout")
    assert again == Evaluation(stash={"a": 1})


def test_a_context_that_is_not_json_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        CodeRunner().run(ECHO, HandlerName.REQUEST, {"args": {"value": float("nan")}})


def doubles(value: Json) -> Json:
    """A value with its numbers as JavaScript's; a whole one comes back as an integer."""
    match value:
        case bool():
            return value
        case int():
            return float(value)
        case list():
            return [doubles(item) for item in value]
        case dict():
            return {name: doubles(item) for name, item in value.items()}
        case _:
            return value


# Integers beyond 2**53 are rounded, as JavaScript's numbers are.
INTEGERS = st.integers(min_value=-(2**53), max_value=2**53)
DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | DOUBLES | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)


@given(value=VALUES)
def test_any_json_value_passes_through_unchanged(runner: CodeRunner, value: Json) -> None:
    result = runner.run(ECHO, HandlerName.REQUEST, {"args": {"value": value}}).result

    assert doubles(result) == doubles(value)


@given(value=VALUES)
def test_any_json_value_stays_in_the_stash(runner: CodeRunner, value: Json) -> None:
    stash = runner.run(ECHO, HandlerName.REQUEST, {"stash": {"value": value}}).stash

    assert doubles(stash) == {"value": doubles(value)}


def test_a_large_integer_is_rounded_as_a_double_is(runner: CodeRunner) -> None:
    result = runner.run(ECHO, HandlerName.REQUEST, {"args": {"value": 2**53 + 1}}).result

    assert result == 2**53
