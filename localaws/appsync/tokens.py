"""JSON Web Tokens of user pools and OpenID providers: read, and verified with an issuer's key.

Pure: the key and the time are arguments.
https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#openid-connect-authorization
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import jwt

from localaws.appsync.deployed import OpenIdProvider, TokenIssuer, UserPool
from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError

NOT_AUTHORIZED = "You are not authorized to make this call."
UNREADABLE = "Unable to parse JWT token."
EXPIRED = "Token has expired."

if TYPE_CHECKING:
    from jwt.types import Options

Claims = Mapping[str, Json]

# Public keys alone: with `none` or a shared secret anybody could sign what the key set shows.
_BY_KEY_TYPE = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
}
_COGNITO_ALGORITHMS = ("RS256",)

# This module checks these itself, with the clock that it is given.
_SIGNATURE_ALONE: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class TokenRefused(LocalAwsError):
    """The token is not accepted. The text is the service's."""


@dataclass(frozen=True)
class Unverified:
    """A token's own claims and header, before its signature is verified."""

    text: str
    key_id: str | None
    claims: Claims

    @property
    def issuer(self) -> str | None:
        issuer = self.claims.get("iss")
        return issuer if isinstance(issuer, str) else None


def is_token(value: str) -> bool:
    """Whether it has the form of a token: the service then treats it as one."""
    try:
        read(value)
    except TokenRefused:
        return False
    return True


def read(value: str) -> Unverified:
    """Raises TokenRefused."""
    try:
        parts = jwt.decode_complete(value, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError, TypeError):
        # ValueError: what UTF-8 cannot encode. TypeError: a header of the wrong type.
        raise TokenRefused(UNREADABLE) from None
    return Unverified(value, parts["header"].get("kid"), parts["payload"])


def verify(token: Unverified, issuer: TokenIssuer, key: jwt.PyJWK, now: datetime) -> Claims:
    """The claims of a token that is valid now, signed by the issuer for one of the API's clients.

    Raises TokenRefused.
    """
    claims = _signed(token, key, _algorithms(issuer, key))
    if claims.get("iss") != issuer.issuer or not isinstance(claims.get("sub"), str):
        raise TokenRefused(NOT_AUTHORIZED)
    match issuer:
        case UserPool():
            _check_use(claims)
            _check_client(issuer.clients, (claims.get("aud"), claims.get("client_id")))
        case OpenIdProvider():
            _check_client(issuer.clients, (claims.get("aud"), claims.get("azp")))
            _check_age(claims, "auth_time", issuer.since_sign_in_s, now)
            _check_age(claims, "iat", issuer.since_issue_s, now)
    _check_times(claims, now)
    return claims


def _algorithms(issuer: TokenIssuer, key: jwt.PyJWK) -> tuple[str, ...]:
    if isinstance(issuer, UserPool):
        return _COGNITO_ALGORITHMS
    return _BY_KEY_TYPE[key.key_type or ""]


def _signed(token: Unverified, key: jwt.PyJWK, algorithms: tuple[str, ...]) -> Claims:
    try:
        # The bare key: a JWK would allow only the algorithm that PyJWT guessed for it.
        return jwt.decode(token.text, key.key, algorithms=algorithms, options=_SIGNATURE_ALONE)
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise TokenRefused(NOT_AUTHORIZED) from None


def usable(key: Json) -> jwt.PyJWK | None:
    """A key of a key set, if tokens may be signed with it."""
    try:
        read_key = jwt.PyJWK.from_dict(key)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    return read_key if read_key.key_type in _BY_KEY_TYPE else None


def _check_use(claims: Claims) -> None:
    if claims.get("token_use") not in ("id", "access"):
        raise TokenRefused(NOT_AUTHORIZED)


def _check_client(expression: str | None, given: Iterable[Json]) -> None:
    if expression is None:
        return
    names = [name for each in given for name in (each if isinstance(each, list) else [each])]
    if not any(isinstance(name, str) and re.fullmatch(expression, name) for name in names):
        raise TokenRefused(NOT_AUTHORIZED)


def _check_age(claims: Claims, claim: str, limit_s: float, now: datetime) -> None:
    if limit_s and now.timestamp() > _time(claims, claim) + limit_s:
        raise TokenRefused(EXPIRED)


def _check_times(claims: Claims, now: datetime) -> None:
    at = now.timestamp()
    if at >= _time(claims, "exp"):
        raise TokenRefused(EXPIRED)
    begins = [_time(claims, claim) for claim in ("nbf", "iat") if claim in claims]
    if any(at < begin for begin in begins):
        raise TokenRefused(NOT_AUTHORIZED)


def _time(claims: Claims, claim: str) -> float:
    value = claims.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenRefused(NOT_AUTHORIZED)
    return value
