"""A token to its claims, or the reason why it is refused (RFC 7519, RFC 8725).

Time is an argument, and so are the keys: nothing is read from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt.exceptions import (
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidSignatureError,
    InvalidTokenError,
    MissingRequiredClaimError,
)

from antipode.authorizer.keys import Key, Keys, KeyStore
from antipode.authorizer.refusal import Reason, RefusedError

# This is a security limit: what is longer is not even decoded.
MAX_TOKEN_CHARACTERS = 8_192

# Three segments of base64url, without padding: one token has one way to be written. Beside a user
# pool or a provider AppSync takes a token for one of theirs, unless something stands before it.
# https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-lambda-authorization
_TOKEN = re.compile(
    r"(?:[Bb]earer |lambda:)?([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)", re.ASCII
)

# After the year 9999 there is no date, and far after it no float either.
_LAST_MOMENT = 253_402_300_800

_REQUIRED = ["exp", "iss", "aud", "sub"]


@dataclass(frozen=True)
class Rules:
    """What a token must say, whatever signs it.

    Args:
        skew: how far the issuer's clock may be from ours, in seconds.
    """

    issuer: str
    audience: str
    skew: float


@dataclass(frozen=True)
class Claims:
    """What a verified token says of its bearer; `said` is all of it."""

    subject: str
    issuer: str
    scopes: frozenset[str]
    expires: float
    said: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def bare(text: object) -> str:
    """The token in what a client sent, with or without `Bearer` or `lambda:` before it.

    Raises:
        RefusedError
    """
    if isinstance(text, str) and len(text) <= MAX_TOKEN_CHARACTERS:
        found = _TOKEN.fullmatch(text)
        if found is not None:
            return found[1]
    raise RefusedError(Reason.MALFORMED)


def verify(token: str, store: KeyStore, rules: Rules, now: float) -> Claims:
    """The claims of a bare token that is good now (in seconds since 1970).

    Raises:
        RefusedError: it is not.
        KeysUnavailableError: there is nothing to verify it with.
    """
    payload = _signed(token, store, rules)
    expires = _moment(payload["exp"])
    if not now < expires + rules.skew:
        raise RefusedError(Reason.EXPIRED)
    for name in ("nbf", "iat"):
        if name in payload and not _moment(payload[name]) <= now + rules.skew:
            raise RefusedError(Reason.NOT_YET_VALID)
    return Claims(_subject(payload), rules.issuer, _scopes(payload), expires, payload)


def _signed(token: str, store: KeyStore, rules: Rules) -> Mapping[str, Any]:
    """The payload, if a key signed it: one at hand, or one that has come since."""
    key_id = _key_id(token)
    try:
        return _by_any(token, store.get(), key_id, rules)
    except RefusedError as refused:
        if refused.reason not in (Reason.SIGNATURE, Reason.UNKNOWN_KEY, Reason.ALGORITHM):
            raise
        if (keys := store.renewed()) is None:
            raise
    return _by_any(token, keys, key_id, rules)


def _key_id(token: str) -> str | None:
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
    except InvalidTokenError:
        raise RefusedError(Reason.MALFORMED) from None
    return key_id if isinstance(key_id, str) else None


def _by_any(token: str, keys: Keys, key_id: str | None, rules: Rules) -> Mapping[str, Any]:
    reason = Reason.UNKNOWN_KEY
    for key in keys.fitting(key_id):
        try:
            return _by(token, key, rules)
        except InvalidSignatureError:
            reason = Reason.SIGNATURE
        except InvalidAlgorithmError:
            reason = Reason.ALGORITHM
    raise RefusedError(reason)


def _by(token: str, key: Key, rules: Rules) -> Mapping[str, Any]:
    """The payload, if this key signed it, and of this issuer for this audience."""
    try:
        return jwt.decode(
            token,
            key.material,
            algorithms=[key.algorithm],
            issuer=rules.issuer,
            audience=rules.audience,
            # Times are compared by `verify`, with the clock that it is given.
            options={
                "require": _REQUIRED,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (InvalidSignatureError, InvalidAlgorithmError):
        raise
    except InvalidTokenError as error:
        raise RefusedError(_reason(error)) from None


def _reason(error: InvalidTokenError) -> Reason:
    match error:
        case MissingRequiredClaimError():
            return Reason.CLAIMS
        case InvalidIssuerError():
            return Reason.ISSUER
        case InvalidAudienceError():
            return Reason.AUDIENCE
        case jwt.DecodeError():
            return Reason.MALFORMED
        case _:
            return Reason.CLAIMS


def _moment(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LAST_MOMENT:
        return float(value)
    raise RefusedError(Reason.CLAIMS)


def _subject(payload: Mapping[str, Any]) -> str:
    if not (isinstance(subject := payload["sub"], str) and subject):
        raise RefusedError(Reason.CLAIMS)
    return subject


def _scopes(payload: Mapping[str, Any]) -> frozenset[str]:
    """`scope` is a text with spaces (RFC 8693); some issuers write a list, and call it `scp`."""
    match payload.get("scope", payload.get("scp", "")):
        case str(text):
            return frozenset(text.split())
        case list(names) if all(isinstance(name, str) for name in names):
            return frozenset(names)
        case _:
            raise RefusedError(Reason.CLAIMS)
