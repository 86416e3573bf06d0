"""A request to the headers that prove who sends it (Signature Version 4).

As much of it as a POST of JSON to one fixed path takes: nothing to be escaped or put in order.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from antipode.relay.credentials import Credentials

SERVICE = "appsync"

_ALGORITHM = "AWS4-HMAC-SHA256"


def sign(
    *, host: str, path: str, body: bytes, credentials: Credentials, region: str, at: float
) -> dict[str, str]:
    """The headers of a signed POST of JSON at a time (seconds since 1970)."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    digest = hashlib.sha256(body).hexdigest()
    # In the order that they are signed in.
    headers = {
        "content-type": "application/json",
        "host": host,
        "x-amz-content-sha256": digest,
        "x-amz-date": moment,
    }
    if credentials.session_token is not None:
        headers["x-amz-security-token"] = credentials.session_token
    names = ";".join(headers)
    lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
    canonical = hashlib.sha256(f"POST\n{path}\n\n{lines}\n{names}\n{digest}".encode()).hexdigest()
    day = moment[:8]
    scope = f"{day}/{region}/{SERVICE}/aws4_request"
    key = _key(credentials.secret_key, day, region)
    signature = _hmac(key, f"{_ALGORITHM}\n{moment}\n{scope}\n{canonical}").hex()
    headers["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
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


@lru_cache(maxsize=4)
def _key(secret: str, day: str, region: str) -> bytes:
    """The signing key of a day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
