from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.javascript.checks import compile_code
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.javascript.module import FIRST_LINE
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName

Run = Callable[..., Evaluation]

CODE = """import {
  util,
  runtime as r,
} from '@aws-appsync/utils';
import * as ddb from '@aws-appsync/utils/dynamodb';

export const request = (ctx) => ddb.get({ key: { id: util.autoId().length } });
function other(ctx) {
  return ctx.result;
}
export { other as response };
"""


def test_imports_and_exports_are_bound(runner: CodeRunner) -> None:
    assert runner.run(CODE, HandlerName.REQUEST, {}).result["key"] == {"id": {"N": 36}}
    assert runner.run(CODE, HandlerName.RESPONSE, {"result": [1]}).result == [1]


def test_a_line_of_the_script_is_the_line_of_the_code() -> None:
    module = compile_code(CODE)

    lines = module.script.splitlines()
    assert lines[FIRST_LINE + 7] == "function other(ctx) {"
    assert module.exports == {"request", "response"}


def test_words_in_comments_texts_and_templates_are_left_alone(runner: CodeRunner) -> None:
    code = (
        "export function request(ctx) {\n"
        "  // import { x } from 'y'; export default 1\n"
        "  return [`export ${'console.log'}`, 'for (const a of b) import'];\n"
        "}"
    )

    evaluation = runner.run(code, HandlerName.REQUEST, {})

    assert evaluation.result == ["export console.log", "for (const a of b) import"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("return ctx.missing.member;", "3:10"),
        ("console.log(1); return ctx.missing.member;", "3:26"),
        ("for (const x of ctx.missing.members) { }", "3:19"),
        ("for (const x of [1]) { return ctx.missing.member; }", "3:33"),
        ("for (const x of ctx.missing) { }", "3:19"),
        ("return ddb.get(null);", "3:18"),
    ],
)
def test_a_broken_handler_tells_the_place_in_the_code_as_written(
    run: Run, body: str, place: str
) -> None:
    error = run(body).error

    assert error is not None
    assert error.message.split(": ")[0] == f"code.js:{place}"
    assert error.type == "Code"


def test_a_broken_handler_tells_what_broke(run: Run) -> None:
    assert run("return ctx.missing.member;").error == HandlerError(
        "code.js:3:10: TypeError: cannot read property 'member' of undefined", "Code"
    )


def test_a_handler_may_use_the_names_that_the_library_uses(run: Run) -> None:
    evaluation = run(
        "const host = 1; const handlers = 2; for (const x of [3]) { return host + x; }"
    )

    assert evaluation.result == 4
