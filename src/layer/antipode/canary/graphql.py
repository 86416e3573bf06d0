"""A client of a GraphQL API over one connection, for whoever waits for the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from antipode.canary.errors import GraphqlError
from antipode.canary.protocol import Sign
from antipode.json_values import Json

_HEADERS = {"content-type": "application/json"}
# Of an answer that is no JSON, as much as tells who sent it.
_MOST_BYTES = 200


class Graphql:
    """Sends one request at a time."""

    def __init__(self, url: str, sign: Sign, *, timeout: float) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._url, self._sign, self._path = url, sign, parts.path
        self._connection = kind(parts.netloc, timeout=timeout)

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """The data that a document asks for.

        Raises:
            GraphqlError: it was refused in whole or in part, or nobody answered.
        """
        body = json.dumps({"query": document, "variables": dict(variables or {})}).encode()
        headers = {**_HEADERS, **self._sign(self._url, body, _HEADERS)}
        try:
            self._connection.request("POST", self._path, body, headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise GraphqlError(f"no answer: {error!r}") from error
        return _data(response.status, answer)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def _data(status: int, answer: bytes) -> Mapping[str, Json]:
    """What was answered. AppSync answers 200 to most mistakes, with errors."""
    try:
        told = json.loads(answer)
    except ValueError:
        raise GraphqlError(f"status {status}, {answer[:_MOST_BYTES]!r}") from None
    match told:
        case {"errors": [_, *_] as errors}:
            words = [f"{each.get('errorType')}: {each.get('message')}" for each in errors]
            raise GraphqlError("; ".join(words))
        case {"data": dict(data)} if status == 200:
            return data
        case _:
            raise GraphqlError(f"status {status} without data")
