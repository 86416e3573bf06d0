"""The relay of one Region as a Lambda function, which publishes by its own code and in its role.

Nobody else may: the publish resolvers refuse every principal but the relay's role. The event is
that of a stream with `"redrive": true` and a version, for which the relay

* publishes even what this process rejected before, since the cause may have been fixed;
* answers with an outcome for each record, in their order. The response to a stream names only the
  first failure, and what it does not name may have been skipped as done before.

A relay of another version refuses the event before it publishes anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from antipode.json_values import Json
from antipode.relay import task
from antipode.relay.errors import RedriveVersionError
from antipode.relay.response import REDRIVE_VERSION

from antipode_tools.operate.redrive.ports import (
    Answer,
    Answered,
    Crashed,
    NotInvoked,
    Outcome,
    Result,
)
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_SKIPPED = "skipped: the relay had dealt with it before, and does not say whether it published it"


class RelayFunction:
    """Invokes the relay and reads its answer."""

    def __init__(self, client: LambdaClient, name: str) -> None:
        self._client, self._name = client, name

    def publish(self, records: Sequence[bytes]) -> Answer:
        """Has the relay publish these records, each as JSON."""
        with translated(f"cannot invoke {self._name}"):
            try:
                answer = self._client.invoke(FunctionName=self._name, Payload=_event(records))
                payload = answer["Payload"].read()
            except self._client.exceptions.TooManyRequestsException as error:
                return NotInvoked(str(error))
        if answer.get("FunctionError"):
            if _error_type(payload) == RedriveVersionError.__name__:
                raise OperationError(self._unknown("speaks another version of redrive"))
            return Crashed(_error(payload))
        return Answered(self._outcomes(payload, len(records)))

    def _outcomes(self, payload: bytes, expected: int) -> tuple[Outcome, ...]:
        try:
            answer = json.loads(payload)
            if (version := answer.get("version", "none")) != REDRIVE_VERSION:
                problem = f"answers in version {version} of redrive, and this is {REDRIVE_VERSION}"
                raise OperationError(self._unknown(problem))
            outcomes = tuple(_outcome(given) for given in answer["outcomes"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OperationError(
                self._unknown("does not say what became of each record")
            ) from error
        if len(outcomes) != expected:
            raise OperationError(
                self._unknown(f"answers for {len(outcomes)} of {expected} records")
            )
        return outcomes

    def _unknown(self, problem: str) -> str:
        return f"{self._name} {problem}: deploy this version, then redrive"


def _event(records: Sequence[bytes]) -> bytes:
    head = b'{"redrive":true,"version":%d,"Records":[' % REDRIVE_VERSION
    return head + b",".join(records) + b"]}"


def _outcome(given: Json) -> Outcome:
    detail = str(given.get("detail", ""))
    match task.Fate[given["fate"]]:
        case task.Fate.PUBLISHED:
            return Outcome(Result.PUBLISHED)
        case task.Fate.UNDELIVERED:
            return Outcome(Result.REJECTED, detail)
        case task.Fate.FAILED:
            return Outcome(Result.FAILED, detail)
        case task.Fate.HELD_BACK:
            return Outcome(Result.HELD_BACK)
        case task.Fate.REDELIVERED:
            return Outcome(Result.FAILED, _SKIPPED)


def _error_type(payload: bytes) -> Json:
    try:
        return json.loads(payload)["errorType"]
    except (ValueError, KeyError, TypeError):
        return None


def _error(payload: bytes) -> str:
    """What the runtime says of a function that raised, timed out or ended."""
    try:
        said = json.loads(payload)
        kind, message = said.get("errorType", "error"), said.get("errorMessage", "")
    except (ValueError, AttributeError):
        return "the relay crashed and did not say why"
    return f"the relay crashed: {kind}: {message}"
