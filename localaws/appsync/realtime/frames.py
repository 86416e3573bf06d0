"""The frames that the server sends, as text. Clients fail on any other type.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from localaws.appsync.ports import GraphQLError, Json

KEEP_ALIVE = '{"type":"ka"}'


def connection_ack(timeout_ms: int) -> str:
    return _text({"type": "connection_ack", "payload": {"connectionTimeoutMs": timeout_ms}})


def connection_error(code: int, *, message: str | None = None, type: str | None = None) -> str:
    """`code` is 400, 401 or 403: Amplify's clients retry for ever on anything else."""
    error = _known(errorType=type, message=message, errorCode=code)
    return _text({"payload": {"errors": [error]}, "type": "connection_error"})


def start_ack(id: str) -> str:
    return _text({"id": id, "type": "start_ack"})


def data(id: str, payload: str) -> str:
    """`payload` is JSON already, so that one text serves all of its subscribers."""
    return f'{{"id":{_text(id)},"type":"data","payload":{payload}}}'


def complete(id: str) -> str:
    return _text({"id": id, "type": "complete"})


def errors(id: str, errors: Sequence[GraphQLError]) -> str:
    """The answer to one start. The service leaves out paths and locations here."""
    listed = [
        _known(
            errorType=error.error_type,
            message=error.message,
            data=error.data,
            errorInfo=error.error_info,
        )
        for error in errors
    ]
    return _text({"id": id, "type": "error", "payload": {"errors": listed}})


def max_subscriptions_reached(id: str, limit: int) -> str:
    """The service sends one object, not a list, here and in `LIMIT_EXCEEDED`."""
    error = _known(
        errorType="MaxSubscriptionsReachedError",
        message=f"Max number of {limit} subscriptions reached",
    )
    return _text({"id": id, "type": "error", "payload": {"errors": error}})


def _known(**fields: Json) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}


def _text(value: Json) -> str:
    # In ASCII: an id may hold half a surrogate pair, which UTF-8 cannot encode.
    return json.dumps(value, separators=(",", ":"))


# Both lack an id: the service's answers to what it cannot attribute to a start.
UNSUPPORTED_OPERATION = _text(
    {
        "type": "error",
        "payload": {
            "errors": [
                {
                    "errorType": "UnsupportedOperation",
                    "message": "unknown not supported through the realtime channel",
                }
            ]
        },
    }
)
LIMIT_EXCEEDED = _text(
    {
        "type": "error",
        "payload": {
            "errors": {"errorType": "LimitExceededError", "message": "Rate limit exceeded"}
        },
    }
)
