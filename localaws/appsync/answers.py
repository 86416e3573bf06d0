"""What a data source answers: a result, or an error that the response handler may look at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceError:
    """`ctx.error`."""

    message: str
    type: str


@dataclass(frozen=True)
class Answer:
    """`ctx.result` and `ctx.error`."""

    result: Json = None
    error: SourceError | None = None


class InvalidRequest(LocalAwsError):
    """A request handler returned what its data source does not accept: the field fails."""


def answered(service: str, call: Callable[[], Answer]) -> Answer:
    """The answer of a call to an AWS service, with failures in AppSync's words.

    Every data source answers through here, so that no client ever reads botocore's own words.
    """
    try:
        return call()
    except ClientError as failure:
        return Answer(error=refusal(service, failure, failure.response["Error"]["Code"]))
    except ParamValidationError as failure:
        log.warning("%s was not called: %s", service, failure)
        return Answer(
            error=SourceError("The request is not valid.", f"{service}:SdkClientException")
        )
    except BotoCoreError as failure:
        log.warning("%s did not answer: %s", service, failure)
        message = "Unable to execute HTTP request."
        return Answer(error=SourceError(message, f"{service}:SdkClientException"))


def refusal(service: str, failure: ClientError, kind: str) -> SourceError:
    """What AWS refused, as the SDK that the service uses prints it."""
    error, metadata = failure.response["Error"], failure.response.get("ResponseMetadata", {})
    message = (
        f"{error.get('Message', error['Code'])} (Service: {_SDK_NAMES.get(service, service)}, "
        f"Status Code: {metadata.get('HTTPStatusCode')}, Request ID: {metadata.get('RequestId')})"
    )
    return SourceError(message, f"{service}:{kind}")


# Services whose names the SDK spells differently from AppSync's error types.
_SDK_NAMES = {"DynamoDB": "DynamoDb"}
