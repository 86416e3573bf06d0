"""What an answer of AppSync means for the change that was published.

AppSync answers most failures with status 200 and a list of errors, so the body decides.
https://docs.aws.amazon.com/appsync/latest/devguide/troubleshooting-and-common-mistakes.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum, auto

from antipode.json_values import Json


class AnswerKind(Enum):
    """What to do next."""

    PUBLISHED = auto()  # go on with the next
    RETRY = auto()  # try this change again
    THROTTLED = auto()  # the same, and go slower
    REJECTED = auto()  # keep this change as undelivered
    UNAUTHORIZED = auto()  # have every change wait: none would fare better


@dataclass(frozen=True, slots=True)
class Answer:
    """What AppSync said: `detail` may be logged, `message` may quote what the item holds."""

    kind: AnswerKind
    detail: str = ""
    message: str = ""


PUBLISHED = Answer(AnswerKind.PUBLISHED)

_UNAUTHORIZED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "Unauthorized",
        "UnauthorizedException",
        "UnrecognizedClientException",
    }
)

# The error types by which the service says 'try again'. A web ACL's refusal is one of them: a rate
# rule ends by itself, and the others are for people to change.
_PASSING = frozenset(
    {
        "ExecutionTimeout",
        "InternalFailure",
        "InternalFailureException",
        "InternalServerError",
        "InternalServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "WAFForbiddenException",
    }
)

# Those by which it says 'too fast'.
_THROTTLED = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

# 404 is what a host without an API answers: no record's fault.
_PASSING_STATUSES = frozenset({404, 408})

_VALIDATION = re.compile(r"Validation error of type (\w+)")

MAX_MESSAGE = 1_000
"""Characters of the service's own words that are kept."""


def classify(status: int, body: bytes, field: str) -> Answer:
    """What the answer to a publish of `field` means."""
    errors, data = _read(body)
    if errors:
        return _of_errors(status, errors, field)
    if status == 429:
        return Answer(AnswerKind.THROTTLED, "status 429")
    if status == 401:
        return _unauthorized(field, f"status {status}")
    if status == 403:
        return Answer(AnswerKind.RETRY, "status 403 without a GraphQL error: a web ACL refused")
    if status == 413:
        return Answer(AnswerKind.REJECTED, "status 413: the request is too large")
    if status != 200 or data is None:
        return Answer(AnswerKind.RETRY, f"status {status}, and the body is no answer of AppSync")
    if data.get(field) is None:
        return Answer(AnswerKind.REJECTED, f"{field} returned null: nothing was announced")
    return PUBLISHED


def _read(body: bytes) -> tuple[list[Json], dict[str, Json] | None]:
    """The errors and the data of a GraphQL answer; neither, if it is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return [], None
    if not isinstance(answer, dict):
        return [], None
    errors, data = answer.get("errors"), answer.get("data")
    return errors if isinstance(errors, list) else [], data if isinstance(data, dict) else None


def _of_errors(status: int, errors: list[Json], field: str) -> Answer:
    types = sorted({_type(error) for error in errors})
    detail = f"status {status}: {', '.join(types)}"
    # Of the document, which is generated and holds nothing of an item: no record's fault. While a
    # stack is deployed, its schema and its relay are of two versions for a moment.
    if any(_VALIDATION.match(_message(error)) for error in errors):
        return Answer(AnswerKind.RETRY, f"{detail}; the API's schema is not the relay's")
    if not _THROTTLED.isdisjoint(types) or status == 429:
        return Answer(AnswerKind.THROTTLED, detail)
    if not _PASSING.isdisjoint(types) or status in _PASSING_STATUSES or status >= 500:
        return Answer(AnswerKind.RETRY, detail)
    if not _UNAUTHORIZED.isdisjoint(types) or status in (401, 403):
        return _unauthorized(field, detail)
    return Answer(AnswerKind.REJECTED, detail, _message(errors[0]))


def _unauthorized(field: str, detail: str) -> Answer:
    return Answer(
        AnswerKind.UNAUTHORIZED,
        f"{detail}; the relay's role needs appsync:GraphQL on types/Mutation/fields/{field}",
    )


def _type(error: Json) -> str:
    """The error type without its name space; of a validation error, what it says it is."""
    fields = error if isinstance(error, dict) else {}
    if isinstance(kind := fields.get("errorType"), str) and kind:
        return kind.rpartition("#")[2]  # com.amazon.coral.availability#ThrottlingException
    if found := _VALIDATION.match(_message(error)):
        return f"validation error {found[1]}"
    return "error without a type"


def _message(error: Json) -> str:
    fields = error if isinstance(error, dict) else {}
    return str(fields.get("message"))[:MAX_MESSAGE]
