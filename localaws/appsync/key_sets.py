"""The keys that tokens are verified with, as their issuers publish them.

They are kept for some minutes. A token that names an unknown key has them fetched again, since
issuers rotate keys; but not for each such token, since anybody can send one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from localaws.appsync.deployed import OpenIdProvider, TokenIssuer, UserPool
from localaws.appsync.ports import Json
from localaws.appsync.tokens import usable

log = logging.getLogger(__name__)

# The service publishes neither.
KEPT_FOR = timedelta(minutes=5)
PAUSE = timedelta(seconds=10)

Fetch = Callable[[str], Awaitable[bytes]]
"""Returns the body at a URL. Raises OSError."""


@dataclass(frozen=True)
class _KeySet:
    keys: Mapping[str | None, jwt.PyJWK]
    at: datetime


class KeySets:
    """The key sets of all issuers, each fetched when first needed."""

    def __init__(self, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._fetch, self._now = fetch, now
        self._known: dict[TokenIssuer, _KeySet] = {}
        self._locks: dict[TokenIssuer, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def key(self, issuer: TokenIssuer, key_id: str | None) -> jwt.PyJWK | None:
        """The issuer's key with this id; None if there is none or the keys cannot be fetched."""
        async with self._locks[issuer]:
            if self._is_due(issuer, key_id):
                self._known[issuer] = _KeySet(await self._fetched(issuer), self._now())
        return self._known[issuer].keys.get(key_id)

    def _is_due(self, issuer: TokenIssuer, key_id: str | None) -> bool:
        known = self._known.get(issuer)
        if known is None:
            return True
        age = self._now() - known.at
        return age >= (KEPT_FOR if key_id in known.keys else PAUSE)

    async def _fetched(self, issuer: TokenIssuer) -> Mapping[str | None, jwt.PyJWK]:
        try:
            listed = json.loads(await self._fetch(await self._url(issuer)))["keys"]
            keys = [key for each in listed if (key := usable(each))]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            # Callers with a token of this issuer are refused until its keys can be fetched.
            log.warning("the keys of %s cannot be fetched: %s", issuer.issuer, type(error).__name__)
            return {}
        return {key.key_id: key for key in keys}

    async def _url(self, issuer: TokenIssuer) -> str:
        match issuer:
            case UserPool():
                return f"{issuer.issuer}/.well-known/jwks.json"
            case OpenIdProvider():
                base = issuer.issuer.rstrip("/")
                return _string(json.loads(await self._fetch(discovery_url(base))), "jwks_uri")


def discovery_url(issuer: str) -> str:
    """https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig"""
    return f"{issuer}/.well-known/openid-configuration"


def _string(document: Json, member: str) -> str:
    value = document[member]
    if not isinstance(value, str):
        raise TypeError(f"{member} is not a string")
    return value
