"""The keys that tokens are verified with, as their issuers publish them.

Kept for some minutes. A token that names an unknown key has them fetched anew, since issuers rotate
their keys; but not at each such token, which anybody can send.
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
"""The body that a URL answers. Raises OSError."""


@dataclass(frozen=True)
class _KeySet:
    keys: Mapping[str | None, jwt.PyJWK]
    at: datetime


class KeySets:
    """The key sets of all issuers, each fetched when it is first asked for."""

    def __init__(self, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._fetch, self._now = fetch, now
        self._known: dict[TokenIssuer, _KeySet] = {}
        self._locks: dict[TokenIssuer, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def key(self, issuer: TokenIssuer, key_id: str | None) -> jwt.PyJWK | None:
        """The issuer's key of this id; None if there is none, or if none can be had."""
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
            # Whoever has a token of this issuer is refused until the keys can be had.
            log.warning("no keys of %s: %s", issuer.issuer, type(error).__name__)
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
