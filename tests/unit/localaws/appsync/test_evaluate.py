"""The answers of `aws appsync evaluate-code`; the first is the guide's own example."""

from __future__ import annotations

import json

import pytest

from localaws.appsync.evaluate import InvalidContext, evaluate_code
from localaws.appsync.ports import HandlerName

DOG = """import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: util.autoId() }),
    attributeValues: util.dynamodb.toMapValues(ctx.args),
  };
}

export function response(ctx) {
  if (ctx.identity.username === 'Nadia') {
    console.log("This request is allowed")
    return ctx.result;
  }
  util.unauthorized();
}
"""
CONTEXT = {
    "arguments": {"firstname": "Shaggy", "age": 4},
    "result": {"breed": "Miniature Schnauzer", "color": "black_grey"},
    "identity": {"username": "Nadia"},
}


def test_the_guides_example_answers_as_the_guide_says() -> None:
    assert evaluate_code(DOG, HandlerName.RESPONSE, json.dumps(CONTEXT)) == {
        "evaluationResult": '{"breed":"Miniature Schnauzer","color":"black_grey"}',
        "logs": ['INFO - code.js:13:5: "This request is allowed"'],
        "stash": "{}",
        "outErrors": "[]",
    }


def test_a_request_is_rendered() -> None:
    answer = evaluate_code(DOG, HandlerName.REQUEST, json.dumps(CONTEXT))

    result = json.loads(answer["evaluationResult"])
    assert result["attributeValues"] == {"firstname": {"S": "Shaggy"}, "age": {"N": 4}}


def test_an_error_of_the_handler_comes_with_its_logs_and_stash() -> None:
    context = json.dumps({**CONTEXT, "identity": {"username": "Eve"}, "stash": {"a": 1}})

    assert evaluate_code(DOG, HandlerName.RESPONSE, context) == {
        "error": {"message": "Unauthorized"},
        "logs": [],
        "stash": '{"a":1}',
        "outErrors": "[]",
    }


def test_appended_errors_are_reported() -> None:
    code = "export function request(ctx) { util.appendError('a', 'B', 1, {c: 'ü'}); }"

    assert evaluate_code(code, HandlerName.REQUEST, "{}") == {
        "evaluationResult": "null",
        "logs": [],
        "stash": "{}",
        "outErrors": '[{"message":"a","errorType":"B","data":1,"errorInfo":{"c":"ü"}}]',
    }


def test_code_that_would_not_be_deployed_is_reported_with_its_places() -> None:
    code = "export function request(ctx) {\n  return 'a-b'.replace(/-/g, '_');\n}"

    value = "code.js(2,24): error @aws-appsync/no-regex: Regex literals are not supported."
    location = {"line": 2, "column": 24, "span": 4}
    assert evaluate_code(code, HandlerName.REQUEST, "{}") == {
        "error": {
            "message": f"Error: {value}",
            "codeErrors": [{"errorType": "LINT_ERROR", "value": value, "location": location}],
        }
    }


def test_a_missing_export_is_reported() -> None:
    value = "Unable to find valid export for response"

    assert evaluate_code("export const request = (ctx) => 1;", HandlerName.RESPONSE, "{}") == {
        "error": {
            "message": f"Error: {value}",
            "codeErrors": [
                {
                    "errorType": "MISSING_MAPPING_EXPORT",
                    "value": value,
                    "location": {"line": 0, "column": 0, "span": 0},
                }
            ],
        }
    }


@pytest.mark.parametrize(
    ("context", "message"),
    [
        (
            "{a: 1}",
            "context is not JSON: Expecting property name enclosed in double quotes: line 1"
            " column 2 (char 1)",
        ),
        ("[]", "context must be a JSON object, not a list"),
        ("null", "context must be a JSON object, not null"),
    ],
)
def test_a_context_that_is_not_a_json_object_is_refused(context: str, message: str) -> None:
    with pytest.raises(InvalidContext) as refused:
        evaluate_code(DOG, HandlerName.REQUEST, context)

    assert str(refused.value) == message
