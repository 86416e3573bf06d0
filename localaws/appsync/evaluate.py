"""One handler run against a context, as `aws appsync evaluate-code` answers it.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_EvaluateCode.html
"""

from __future__ import annotations

import json

from localaws.appsync.javascript.errors import CodeRefused
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json
from localaws.errors import LocalAwsError


class InvalidContext(LocalAwsError, ValueError):
    """The context is not a JSON object: correct the file."""


def evaluate_code(code: str, function: HandlerName, context: str) -> dict[str, Json]:
    """What EvaluateCode answers: JSON texts, log lines and, where the code failed, an error.

    Raises InvalidContext.
    """
    parsed = _parsed(context)
    try:
        return _answer(CodeRunner().run(code, function, parsed))
    except CodeRefused as refused:
        errors = [error.as_json() for error in refused.errors]
        return {"error": {"message": str(refused), "codeErrors": errors}}


def _parsed(context: str) -> dict[str, Json]:
    try:
        parsed = json.loads(context)
    except json.JSONDecodeError as error:
        raise InvalidContext(f"context is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise InvalidContext(f"context must be a JSON object, not {_kind(parsed)}")
    return parsed


def _kind(value: Json) -> str:
    return "null" if value is None else f"a {type(value).__name__}"


def _answer(evaluation: Evaluation) -> dict[str, Json]:
    report = {
        "logs": list(evaluation.logs),
        "stash": _text(evaluation.stash),
        "outErrors": _text([_out_error(error) for error in evaluation.appended_errors]),
    }
    if evaluation.error is not None:
        return {"error": {"message": evaluation.error.message}, **report}
    return {"evaluationResult": _text(evaluation.result), **report}


def _out_error(error: HandlerError) -> Json:
    return {
        "message": error.message,
        "errorType": error.type,
        "data": error.data,
        "errorInfo": error.info,
    }


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
