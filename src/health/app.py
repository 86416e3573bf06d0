"""GET /health: whether this Region can serve, for Route 53's checkers and whoever else asks."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import boto3
from antipode.health import checks
from antipode.health.answer import Response, answer
from antipode.health.board import Board, Check, Condition, Part
from antipode.health.settings import Settings
from antipode.idle import never_stale
from botocore.config import Config

# A finding holds so long. Half of Route 53's interval costs it no time; DynamoDB, AppSync and
# Systems Manager are asked once in it by each process, of which Route 53 keeps one or two busy.
KEEP_S = 5.0
# The alarm looks at minutes itself.
KEEP_RELAY_S = 60.0

# Less than the patience of the whole, in which a second attempt would not end: the next checker
# comes within a second.
IMPATIENT = Config(
    tcp_keepalive=True, connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1}
)

logging.getLogger().setLevel(logging.INFO)


def board(settings: Settings) -> Board:
    """The parts of the Region that this function was deployed in."""
    dynamodb, cloudwatch, ssm = (
        never_stale(boto3.client("dynamodb", config=IMPATIENT)),
        never_stale(boto3.client("cloudwatch", config=IMPATIENT)),
        never_stale(boto3.client("ssm", config=IMPATIENT)),
    )
    parts = [
        Check(Part.DATA, partial(checks.data, dynamodb, settings.table), KEEP_S),
        Check(Part.API, partial(checks.api, settings.graphql_url), KEEP_S),
        # Where CloudWatch does not say, nothing is known of the relay: that would be so in every
        # Region at once, and no reason to give one up.
        Check(
            Part.RELAY,
            partial(checks.relay, cloudwatch, settings.relay_alarms),
            KEEP_RELAY_S,
            in_doubt=Condition.DEGRADED,
        ),
        Check(Part.DRAINED, partial(checks.drained, ssm, settings.drained_parameter), KEEP_S),
    ]
    return Board(
        parts,
        clock=time.monotonic,
        executor=ThreadPoolExecutor(len(parts)),
    )


SETTINGS = Settings.from_env(os.environ)
BOARD = board(SETTINGS)


def handler(event: Mapping[str, Any], context: object) -> Response:
    """Answers one request, whatever it holds: nothing of it is read."""
    return answer(SETTINGS.region, BOARD.conditions())
