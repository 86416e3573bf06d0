"""A Lambda function behind resolvers.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-lambda-js.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from localaws.appsync import strict_json
from localaws.appsync.answers import Answer, InvalidRequest, SourceError, answered
from localaws.appsync.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


MEMBERS = frozenset({"version", "operation", "payload", "invocationType"})


def invoke(client: LambdaClient, function: str, request: Json) -> Answer:
    """Invoke the function with the request's payload, blocking. Raises InvalidRequest."""
    check_members(request)
    kind = request.get("invocationType", "RequestResponse")
    if kind not in ("RequestResponse", "Event"):
        raise InvalidRequest(f"Unsupported invocationType '{kind}'.")
    return _invoke(client, function, request.get("payload"), waits=kind == "RequestResponse")


def check_members(request: Json) -> None:
    """Raises InvalidRequest for a member that a request to a function does not have."""
    for name in request:
        if name not in MEMBERS:
            raise InvalidRequest(f"Unsupported element '$[{name}]'.")


def invoke_batch(client: LambdaClient, function: str, payloads: Sequence[Json]) -> list[Answer]:
    """Invoke the function with a list of payloads, blocking; it returns a result for each."""
    answer = _invoke(client, function, list(payloads), waits=True)
    if answer.error:
        return [answer] * len(payloads)
    if not isinstance(answer.result, list) or len(answer.result) != len(payloads):
        found = f"{len(answer.result)}" if isinstance(answer.result, list) else "no list"
        message = f"BatchInvoke of {len(payloads)} payloads needs as many results, got {found}."
        return [Answer(error=SourceError(message, "Lambda:IllegalArgument"))] * len(payloads)
    return [Answer(result) for result in answer.result]


def _invoke(client: LambdaClient, function: str, payload: Json, *, waits: bool) -> Answer:
    def call() -> Answer:
        response = client.invoke(
            FunctionName=function,
            InvocationType="RequestResponse" if waits else "Event",
            Payload=json.dumps(payload).encode(),
        )
        if not waits:
            return Answer()
        return _read(response["Payload"].read(), response.get("FunctionError"))

    return answered("Lambda", call)


def _read(payload: bytes, function_error: str | None) -> Answer:
    try:
        result = strict_json.loads(payload) if payload else None
    except ValueError:
        message = "The function's response is not valid JSON."
        return Answer(error=SourceError(message, "Lambda:IllegalArgument"))
    if function_error is None:
        return Answer(result)
    told = result.get("errorMessage") if isinstance(result, dict) else None
    return Answer(error=SourceError(told or "Unhandled", f"Lambda:{function_error}"))
