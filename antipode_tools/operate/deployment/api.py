"""The API of one Region: the schema that it serves, and whether it can serve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient

# A first answer waits for cold starts.
_TIMEOUT_S = 10.0
_OK, _UNAUTHORIZED = 200, 401

# As /health names a Region that somebody took out: a deployment leaves it out.
_DRAINED = ["drained"]


@dataclass(frozen=True)
class AppSyncApi:
    """The Api of one Region."""

    client: AppSyncClient

    def schema(self, api_id: str) -> str:
        """The schema that it serves."""
        with translated(f"cannot read the schema of API {api_id}"):
            answer = self.client.get_introspection_schema(
                apiId=api_id, format="SDL", includeDirectives=False
            )
            return answer["schema"].read().decode()

    def ailment(self, outputs: Mapping[str, str]) -> str:
        """By its /health, where the Region has one, or by AppSync's turning a stranger away."""
        try:
            if url := outputs.get("HealthUrl"):
                return _of_health(*_ask("GET", url))
            if url := outputs.get("GraphqlUrl"):
                status, _ = _ask("POST", url, b'{"query": "{ __typename }"}')
                turned_away = status == _UNAUTHORIZED
                return "" if turned_away else f"the API answers a stranger with {status}, not 401"
        except (OSError, HTTPException) as error:
            return f"it does not answer: {error!r}"
        return ""


def _of_health(status: int, body: bytes) -> str:
    if status == _OK:
        return ""
    try:
        failing = json.loads(body)["failing"]
    except (ValueError, KeyError, TypeError):
        return f"/health answers {status}"
    if failing == _DRAINED:
        return ""
    return f"/health has failing: {', '.join(each for each in failing if each not in _DRAINED)}"


def _ask(method: str, url: str, body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT_S)
    try:
        connection.request(method, parts.path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
