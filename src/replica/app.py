"""The custom resource Custom::LocalReplicas finds the streams of this Region's replicas.

No stack can be told another Region's stream ARN, which ends in a timestamp: so each asks its own.
"""

from __future__ import annotations

import os
import time
from typing import Protocol

import boto3
from antipode.replica.answer import Request, document
from antipode.replica.request import answer_to
from antipode.replica.sending import put, send
from antipode.replica.stream import find_stream

# Kept back of the function's time, to answer in: as many attempts of PUT_TIMEOUT_S as there are
# pauses, and one more.
ANSWER_RESERVE_S = 30.0


class Context(Protocol):
    """What is used of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int: ...


def handler(request: Request, context: Context) -> None:
    """Answers one request of CloudFormation's, whatever happens."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_RESERVE_S

    def find(table: str) -> str:
        client = boto3.client("dynamodb")
        return find_stream(client, table, clock=time.monotonic, sleep=time.sleep, deadline=deadline)

    answer = answer_to(request, region=os.environ["AWS_REGION"], find=find)
    send(document(request, answer), request["ResponseURL"], put=put, sleep=time.sleep)
