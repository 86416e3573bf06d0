from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerName, Json

NOW_S = 1517943695.758  # the instant of the guide's examples: 2018-02-06T19:01:35.758Z
IMPORTS = (
    "import { util, extensions, runtime } from '@aws-appsync/utils';"
    " import * as ddb from '@aws-appsync/utils/dynamodb';"
)


@pytest.fixture(scope="session")
def runner() -> CodeRunner:
    """Runs code at a fixed instant, with entropy that is always the same."""
    return CodeRunner(clock=lambda: NOW_S, random=lambda count: bytes(range(count)))


@pytest.fixture
def run(runner: CodeRunner) -> Callable[..., Evaluation]:
    """Run the body of a request handler against a context."""

    def run_body(body: str, **context: Json) -> Evaluation:
        code = f"{IMPORTS}\nexport function request(ctx) {{\n  {body}\n}}"
        return runner.run(code, HandlerName.REQUEST, context)

    return run_body


@pytest.fixture
def value(run: Callable[..., Evaluation]) -> Callable[..., Json]:
    """The value of an expression inside a handler, which must not fail."""

    def value_of(expression: str, **context: Json) -> Json:
        evaluation = run(f"return {expression};", **context)
        assert evaluation.error is None
        return evaluation.result

    return value_of
