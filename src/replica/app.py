"""The custom resource Custom::LocalReplica finds the stream of this Region's replica of a table.

No stack can be told another Region's stream ARN, which ends in a timestamp: so each asks its own.
"""

from __future__ import annotations

import logging
import os
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Protocol

import boto3
from antipode.replica.answer import Answer, Request, Status, document
from antipode.replica.stream import NotReadyError, ReplicaError, find_stream

LOG = logging.getLogger(__name__)

# Kept back of the function's time, to answer in: as many attempts of PUT_TIMEOUT_S as there are
# pauses, and one more.
ANSWER_RESERVE_S = 30.0
PUT_TIMEOUT_S = 5.0
PUT_PAUSES_S = (1.0, 2.0, 4.0)


class Context(Protocol):
    """What is used of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int: ...


def handler(request: Request, context: Context) -> None:
    """Answer one request of CloudFormation's, whatever happens."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_RESERVE_S

    def find(table: str) -> str:
        client = boto3.client("dynamodb")
        return find_stream(client, table, clock=time.monotonic, sleep=time.sleep, deadline=deadline)

    answer = answer_to(request, region=os.environ["AWS_REGION"], find=find)
    send(document(request, answer), request["ResponseURL"], put=put, sleep=time.sleep)


def answer_to(request: Request, *, region: str, find: Callable[[str], str]) -> Answer:
    """What `find` makes of a request's table. Nothing that it raises passes through."""
    if request["RequestType"] == "Delete":
        return Answer(Status.SUCCESS)  # Nothing was made, so there is nothing to delete.
    table = request["ResourceProperties"]["TableName"]
    try:
        return Answer(Status.SUCCESS, data={"StreamArn": find(table)})
    except ReplicaError as error:
        return Answer(Status.FAILED, f"table {table} in {region} {error}; {remedy(error, region)}")
    except Exception as error:  # Whatever it was: a stack without an answer hangs.
        LOG.exception("table %s in %s could not be looked up", table, region)
        reason = f"table {table} in {region} could not be looked up: {error}; deploy again"
        return Answer(Status.FAILED, reason)


def remedy(error: ReplicaError, region: str) -> str:
    """What to do, for whoever reads the stack's events."""
    if isinstance(error, NotReadyError):
        return (
            f"see that {region} is among the first five Regions of the stack that owns the table,"
            " and deploy again when the table is ACTIVE"
        )
    return "mend that in the Region that owns the table, and deploy again"


def send(
    body: bytes,
    url: str,
    *,
    put: Callable[[str, bytes], None],
    sleep: Callable[[float], None],
) -> None:
    """Put an answer where CloudFormation waits for it, again while that fails.

    Raises the last failure, after which Lambda invokes the function once more.
    """
    for pause in PUT_PAUSES_S:
        try:
            return put(url, body)
        except (OSError, HTTPException):
            LOG.warning("CloudFormation could not be answered, next try in %s s", pause)
            sleep(pause)
    put(url, body)


def put(url: str, body: bytes) -> None:
    """One PUT to a signed URL of S3, whose signature covers an empty content type."""
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})
    with urllib.request.urlopen(request, timeout=PUT_TIMEOUT_S):
        pass
