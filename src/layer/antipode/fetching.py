"""One small GET from an address on the machine itself."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT_S = 2.0
MAX_BYTES = 65_536


def fetch(url: str, headers: Mapping[str, str]) -> bytes:
    """The body at a URL.

    Raises:
        OSError: there is none.
    """
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path or "/", headers=dict(headers))
        response = connection.getresponse()
        body = response.read(MAX_BYTES)
    except HTTPException as error:
        raise OSError(f"{url} did not answer: {error!r}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise OSError(f"{url} answered with status {response.status}")
    return body
