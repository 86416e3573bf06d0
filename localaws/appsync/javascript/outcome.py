"""What the library reports of one run, as an Evaluation."""

from __future__ import annotations

from localaws.appsync.javascript.errors import Location
from localaws.appsync.ports import Evaluation, HandlerError, Json


def decoded(raw: Json) -> Evaluation:
    """The evaluation of a handler that returned, left early or raised an error."""
    return Evaluation(
        result=raw["result"],
        error=_error(raw["error"]) if "error" in raw else None,
        appended_errors=tuple(_error(error) for error in raw["errors"]),
        stash=raw["stash"],
        context=raw["context"],
        logs=tuple(raw["logs"]),
        early_return=raw.get("early", False),
        skip_to_end=raw.get("skipTo") == "END",
        subscription_filter=raw["filter"],
        invalidation_filter=raw["invalidationFilter"],
        invalidations=tuple(raw["invalidations"]),
        response_headers=raw["headers"],
    )


def broken(raw: Json, place: Location | None) -> Evaluation:
    """The evaluation of a handler that broke: the service names the place and the exception."""
    where = f"code.js:{place.line}:{place.column}" if place else "code.js"
    error = {"message": f"{where}: {raw['broken']}", "type": "Code"}
    return decoded({**raw, "error": error})


def _error(raw: Json) -> HandlerError:
    message, type = raw.get("message"), raw.get("type")
    return HandlerError(
        message="" if message is None else str(message),
        type=None if type is None else str(type),
        data=raw.get("data"),
        info=raw.get("info"),
    )
