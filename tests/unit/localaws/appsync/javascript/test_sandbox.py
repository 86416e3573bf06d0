from __future__ import annotations

import pytest

from localaws.appsync.javascript.checks import compile_code
from localaws.appsync.javascript.sandbox import Limits, Sandbox, SandboxSpent, Seed
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName

SEED = Seed(0, (1, 2, 3, 4))
EACH = "for (const a of ctx.args.items) "


def sandbox(body: str) -> Sandbox:
    code = f"export function request(ctx) {{ {body} }}"
    return Sandbox(compile_code(code), Limits(cpu_s=0.2, memory_bytes=8 * 2**20))


def items(count: int) -> str:
    return f'{{"arguments":{{"items":{list(range(count))}}}}}'


def test_an_endless_handler_is_stopped() -> None:
    endless = sandbox(f"{EACH} {EACH} {EACH} {EACH} {{ ctx.stash.a = a; }}")

    with pytest.raises(SandboxSpent) as stopped:
        endless.run(HandlerName.REQUEST, items(1000), SEED)

    error = HandlerError("Execution timed out.", "ExecutionTimeout")
    assert stopped.value.evaluation == Evaluation(error=error)


def test_a_catastrophic_pattern_is_stopped() -> None:
    pattern = sandbox("return util.matches('^(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!');")

    with pytest.raises(SandboxSpent) as stopped:
        pattern.run(HandlerName.REQUEST, "{}", SEED)

    assert stopped.value.evaluation.error == HandlerError(
        "Execution timed out.", "ExecutionTimeout"
    )


@pytest.mark.parametrize(
    "body",
    [
        f"const s = []; {EACH} {EACH} {{ s.push({{ a: [a] }}); }}",
        f"const s = []; {EACH} {{ s.push('x'.concat(JSON.stringify(ctx.args.items), a)); }}"
        f" {EACH} {{ s.push(s.join('').slice(a)); }}",
    ],
)
def test_a_handler_that_uses_too_much_memory_is_stopped(body: str) -> None:
    greedy = sandbox(body)

    with pytest.raises(SandboxSpent) as stopped:
        greedy.run(HandlerName.REQUEST, items(1000), SEED)

    message = "code.js: out of memory: the handler used more than 8 MB"
    assert stopped.value.evaluation == Evaluation(error=HandlerError(message, "Code"))


def test_one_evaluation_leaves_nothing_behind_for_the_next() -> None:
    code = "let count = 0; export function request(ctx) { count += 1; return count; }"
    counting = Sandbox(compile_code(code))

    runs = [counting.run(HandlerName.REQUEST, "{}", SEED).result for _ in range(3)]

    assert runs == [1, 1, 1]


def test_a_seed_makes_an_evaluation_repeatable() -> None:
    ids = sandbox("return [util.autoId(), util.autoKsuid(), Math.random()];")

    assert ids.run(HandlerName.REQUEST, "{}", SEED) == ids.run(HandlerName.REQUEST, "{}", SEED)


def test_a_function_that_calls_itself_through_an_object_is_an_error() -> None:
    deep = sandbox("const o = { f(n) { return o.f(n + 1); } }; return o.f(0);")

    error = deep.run(HandlerName.REQUEST, "{}", SEED).error

    assert error is not None
    assert error.message.endswith("RangeError: Maximum call stack size exceeded")
