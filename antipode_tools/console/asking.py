"""One GraphQL request to a Region, with the console's own credentials."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from antipode_tools.operate.probe.endpoint import Endpoint

# JSON.
Json = Any

WITHIN_S = 15.0
_HEADERS = {"content-type": "application/json"}
# Of an answer that is no JSON, as much as tells who sent it.
_MOST_BYTES = 200


@dataclass(frozen=True)
class Answer:
    """What a Region answered.

    Args:
        body: the answer's JSON; None where there is none.
        problem: why there is none.
        milliseconds: until it was there, as this machine sees it.
    """

    body: Json
    problem: str
    milliseconds: int


async def ask(
    endpoint: Endpoint,
    document: str,
    variables: Mapping[str, Json] | None = None,
    *,
    within_s: float = WITHIN_S,
) -> Answer:
    """Ask, and wait no longer than so many seconds."""
    began = time.monotonic()

    def took() -> int:
        return round((time.monotonic() - began) * 1000)

    body = json.dumps({"query": document, "variables": dict(variables or {})}).encode()
    try:
        async with asyncio.timeout(within_s):
            status, answer = await asyncio.to_thread(_post, endpoint, body, within_s)
    except TimeoutError:
        return Answer(None, f"no answer within {within_s:g} s", took())
    except (OSError, HTTPException) as error:
        return Answer(None, f"not reached: {error}", took())
    try:
        return Answer(json.loads(answer), "", took())
    except ValueError:
        return Answer(None, f"status {status}, {answer[:_MOST_BYTES]!r}", took())


def _post(endpoint: Endpoint, body: bytes, within_s: float) -> tuple[int, bytes]:
    parts = urlsplit(endpoint.graphql_url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=within_s)
    headers = {**_HEADERS, **endpoint.sign(endpoint.graphql_url, body, _HEADERS)}
    try:
        connection.request("POST", parts.path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
