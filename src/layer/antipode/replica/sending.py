"""The way of an answer to CloudFormation."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

LOG = logging.getLogger(__name__)

PUT_TIMEOUT_S = 5.0
PUT_PAUSES_S = (1.0, 2.0, 4.0)


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
