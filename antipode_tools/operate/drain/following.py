"""Waiting until something has followed a change. Time passes only through what it is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

TIMEOUT_S = 5.0
# Route 53 takes a Region for healthy while more than so many of its checkers do.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
HEALTHY_SHARE = 0.18


@dataclass(frozen=True)
class Follower:
    """Something that takes a Region for healthy or not.

    Args:
        name: as the report calls it.
        is_healthy: what it takes the Region for now.
    """

    name: str
    is_healthy: Callable[[], bool]


@dataclass(frozen=True)
class Time:
    """Where time comes from."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]


def follow(
    follower: Follower, *, healthy: bool, within_s: float, pause_s: float, time: Time
) -> float | None:
    """Waits until it takes the Region for healthy, or not. Returns the seconds; None: in vain."""
    began = time.clock()
    while follower.is_healthy() is not healthy:
        if time.clock() - began >= within_s:
            return None
        time.sleep(pause_s)
    return time.clock() - began


def health(url: str) -> bool:
    """Whether the Region itself says that it can serve; if it does not answer, it cannot."""
    try:
        return _get(url)[0] == 200
    except (OSError, HTTPException):
        return False


def name_server(url: str, region: str) -> bool:
    """Whether the local world's name server sends clients to a Region."""
    try:
        return bool(json.loads(_get(url)[1])[region])
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise OperationError(f"the local name server does not answer: {error!r}") from error


def route53(client: Route53Client, check: str) -> bool:
    """Whether Route 53 takes a Region for healthy, by what its checkers saw last.

    Raises:
        OperationError: it does not say.
    """
    with translated(f"cannot read the health check {check}"):
        answer = client.get_health_check_status(HealthCheckId=check)
    statuses = [
        each.get("StatusReport", {}).get("Status", "") for each in answer["HealthCheckObservations"]
    ]
    well = sum(status.startswith("Success") for status in statuses)
    return well > HEALTHY_SHARE * len(statuses)


def _get(url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
