"""A request to the headers that prove who sends it (Signature Version 4).

requests-aws4auth signs. What it looks for in any request is known here of a POST of JSON to one
fixed path, and looking for it is most of what a signing takes.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from requests_aws4auth import AWS4Auth  # type: ignore[import-untyped] # it has no types

from antipode.relay.credentials import Credentials

SERVICE = "appsync"


@dataclass(slots=True)
class _Request:
    """All that requests-aws4auth reads of a request: no session of requests is needed."""

    path: str
    headers: dict[str, str]
    body: bytes
    day: date


class _Auth(AWS4Auth):  # type: ignore[misc] # the library has no types
    """Looks for nothing that is known.

    Neither day nor path need be parsed, and each header is signed and in canonical form.
    """

    @classmethod
    def get_request_date(cls, request: _Request) -> date:
        return request.day

    @classmethod
    def get_canonical_headers(cls, request: _Request, include: object) -> tuple[str, str]:
        headers = request.headers
        names = sorted(headers)
        return "".join([f"{name}:{headers[name]}\n" for name in names]), ";".join(names)

    def get_canonical_request(self, request: _Request, headers: str, names: str) -> str:
        digest = request.headers["x-amz-content-sha256"]
        return f"POST\n{request.path}\n\n{headers}\n{names}\n{digest}"


def sign(
    *, host: str, path: str, body: bytes, credentials: Credentials, region: str, at: float
) -> dict[str, str]:
    """The headers of a signed POST of JSON at a time (seconds since 1970)."""
    moment = time.gmtime(at)
    day = date(moment.tm_year, moment.tm_mon, moment.tm_mday)
    headers = {
        "host": host,
        "content-type": "application/json",
        "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", moment),
    }
    _auth(credentials, region, day)(_Request(path, headers, body, day))
    return headers


@dataclass(frozen=True)
class Signer:
    """Signs what is posted to one URL, with the credentials and at the time of the moment."""

    url: str
    region: str
    credentials: Callable[[], Credentials]
    now: Callable[[], float]
    _host: str = field(init=False)
    _path: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        object.__setattr__(self, "_host", parts.netloc)
        object.__setattr__(self, "_path", parts.path or "/")

    def __call__(self, body: bytes) -> dict[str, str]:
        """The headers that sign a body.

        Raises:
            CredentialsError: there are none to sign with.
        """
        return sign(
            host=self._host,
            path=self._path,
            body=body,
            credentials=self.credentials(),
            region=self.region,
            at=self.now(),
        )


# One signing key a day and set of credentials.
@lru_cache(maxsize=4)
def _auth(credentials: Credentials, region: str, day: date) -> _Auth:
    return _Auth(
        credentials.access_key,
        credentials.secret_key,
        region,
        SERVICE,
        f"{day:%Y%m%d}",
        session_token=credentials.session_token,
    )
