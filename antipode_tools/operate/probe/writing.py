"""An ordinary client that sends mutations to one Region, over one connection."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import OperationError

TIMEOUT_S = 15.0
_HEADERS = {"content-type": "application/json"}


class Writer:
    """Sends one mutation at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        parts = urlsplit(endpoint.graphql_url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.netloc, timeout=TIMEOUT_S)
        self._path = parts.path

    def write(self, document: str) -> None:
        """Sends a mutation.

        Raises:
            OperationError: it was refused, or nobody answered.
        """
        endpoint, body = self._endpoint, json.dumps({"query": document}).encode()
        signed = endpoint.sign(endpoint.graphql_url, body, _HEADERS)
        try:
            self._connection.request("POST", self._path, body, {**_HEADERS, **signed})
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise OperationError(f"{endpoint.name} does not answer: {error!r}") from error
        if problem := _problem(response.status, answer):
            raise OperationError(f"{endpoint.name} refused a write: {problem}")

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def _problem(status: int, answer: bytes) -> str:
    """What AppSync objects to: it answers 200 to most mistakes, with errors."""
    try:
        told = json.loads(answer)
    except ValueError:
        return f"status {status}, {answer[:200]!r}"
    errors = told.get("errors") if isinstance(told, dict) else None
    if errors:
        words = [f"{each.get('errorType')}: {each.get('message')}" for each in errors]
        return "; ".join(words)
    return "" if status == 200 else f"status {status}"
