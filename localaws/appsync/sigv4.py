"""Signature Version 4, verified: is this request what the holder of the key signed?

Pure: the secret and the time are arguments.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from localaws.appsync.ports import SignedRequest
from localaws.errors import LocalAwsError

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "appsync"
MAX_SKEW = timedelta(minutes=5)

_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Credential=(?P<credential>[^,\s]+), *"
    r"SignedHeaders=(?P<headers>[^,\s]+), *Signature=(?P<signature>[0-9a-f]{64})"
)


class SignatureError(LocalAwsError):
    """The signature does not fit the request or the time. The text says why."""


@dataclass(frozen=True)
class Authorization:
    """The parts of a SigV4 Authorization header."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def parse_authorization(value: str) -> Authorization:
    """Raises SignatureError."""
    matched = _AUTHORIZATION.fullmatch(value.strip())
    parts = matched["credential"].rsplit("/", 4) if matched else []
    if matched is None or len(parts) != 5 or parts[4] != "aws4_request":
        raise SignatureError(
            "Authorization header must be 'AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/"
            "aws4_request, SignedHeaders=NAMES, Signature=64 hexadecimal digits'."
        )
    key, date, region, service, _ = parts
    names = tuple(matched["headers"].split(";"))
    return Authorization(key, date, region, service, names, matched["signature"])


def verify(
    request: SignedRequest,
    authorization: Authorization,
    *,
    secret: str,
    region: str,
    now: datetime,
) -> None:
    """Raises SignatureError unless `secret` signed this request, recently."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    _check_scope(authorization, region)
    _check_signed_headers(authorization, headers)
    signed_at = _signing_time(authorization, headers)
    _check_time(signed_at, now)
    canonical = _canonical_request(request, authorization.signed_headers, headers)
    to_sign = _string_to_sign(canonical, signed_at, authorization.scope)
    expected = hmac.new(
        _signing_key(secret, authorization), to_sign.encode(), hashlib.sha256
    ).hexdigest()
    if not hmac.compare_digest(expected, authorization.signature):
        raise SignatureError(
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method. "
            "Consult the service documentation for details.\n\n"
            f"The Canonical String for this request should have been\n'{canonical}'\n\n"
            f"The String-to-Sign should have been\n'{to_sign}'\n"
        )


def _check_scope(authorization: Authorization, region: str) -> None:
    """AWS names the Region that was signed, and the service that should have been.

    Both are in one message, each sentence with a trailing space.
    """
    wrong = ""
    if authorization.region != region:
        wrong += f"Credential should be scoped to a valid region, not '{authorization.region}'. "
    if authorization.service != SERVICE:
        wrong += f"Credential should be scoped to correct service: '{SERVICE}'. "
    if wrong:
        raise SignatureError(wrong)


def _check_signed_headers(authorization: Authorization, headers: Mapping[str, str]) -> None:
    names = authorization.signed_headers
    if "host" not in names or "x-amz-date" not in names:
        raise SignatureError("'host' and 'x-amz-date' must be signed headers.")
    if missing := [name for name in names if name not in headers]:
        raise SignatureError(f"The request lacks these signed headers: {', '.join(missing)}.")


def _signing_time(authorization: Authorization, headers: Mapping[str, str]) -> datetime:
    try:
        signed_at = datetime.strptime(headers["x-amz-date"], _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise SignatureError("X-Amz-Date must be of the form 'YYYYMMDDTHHMMSSZ'.") from None
    day = signed_at.strftime("%Y%m%d")
    if day != authorization.date:
        raise SignatureError(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{authorization.date}' != '{day}', from '{headers['x-amz-date']}'."
        )
    return signed_at


def _check_time(signed_at: datetime, now: datetime) -> None:
    at, here = signed_at.strftime(_TIME_FORMAT), now.strftime(_TIME_FORMAT)
    if signed_at < now - MAX_SKEW:
        earliest = (now - MAX_SKEW).strftime(_TIME_FORMAT)
        raise SignatureError(
            f"Signature expired: {at} is now earlier than {earliest} ({here} - 5 min.)"
        )
    if signed_at > now + MAX_SKEW:
        latest = (now + MAX_SKEW).strftime(_TIME_FORMAT)
        raise SignatureError(
            f"Signature not yet current: {at} is still later than {latest} ({here} + 5 min.)"
        )


def _canonical_request(
    request: SignedRequest, names: tuple[str, ...], headers: Mapping[str, str]
) -> str:
    lines = [f"{name}:{_trimmed(headers[name])}\n" for name in names]
    return "\n".join(
        (
            request.method,
            # The path is already encoded once; every service except S3 signs it encoded twice.
            quote(request.path or "/", safe="/~"),
            _canonical_query(request.query),
            "".join(lines),
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _canonical_query(query: str) -> str:
    pairs = (part.partition("=") for part in query.split("&") if part)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


def _trimmed(value: str) -> str:
    return " ".join(value.split())


def _string_to_sign(canonical: str, signed_at: datetime, scope: str) -> str:
    # A header may hold what UTF-8 cannot encode, which no signature can cover.
    digest = hashlib.sha256(canonical.encode(errors="replace")).hexdigest()
    return "\n".join((ALGORITHM, signed_at.strftime(_TIME_FORMAT), scope, digest))


def _signing_key(secret: str, authorization: Authorization) -> bytes:
    key = f"AWS4{secret}".encode()
    parts = (authorization.date, authorization.region, authorization.service, "aws4_request")
    for part in parts:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
