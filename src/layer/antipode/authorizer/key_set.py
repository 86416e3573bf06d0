"""The public keys that an issuer publishes (RFC 7517), and of them those that are to be trusted."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import jwt

from antipode.authorizer.keys import Key, Keys
from antipode.authorizer.refusal import KeysUnavailableError

# What is signed with a private key. HS256 and its like are not among them: a public key taken for a
# secret would let anybody sign.
ALGORITHMS = frozenset(
    {
        *("RS256", "RS384", "RS512"),
        *("PS256", "PS384", "PS512"),
        *("ES256", "ES384", "ES512"),
        "EdDSA",
    }
)

# A set of a hundred keys has a tenth of it.
MAX_BYTES = 1_048_576
# AppSync gives an authorizer ten seconds, and the set may have to be fetched twice.
TIMEOUT_S = 2.0


@dataclass
class KeySet:
    """The set behind a URL. A redirection is not followed: it could lead anywhere."""

    url: str
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self) -> Keys:
        """The keys, as they are now.

        Raises:
            KeysUnavailableError
        """
        try:
            return parse(self._body())
        except (OSError, HTTPException, ValueError) as error:
            raise KeysUnavailableError(f"key set {self.url} cannot be had: {error}") from error

    def _body(self) -> bytes:
        parts = urlsplit(self.url)
        connection = HTTPSConnection(
            parts.hostname or "", parts.port, timeout=TIMEOUT_S, context=self.trust
        )
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            connection.request("GET", path, headers={"accept": "application/json"})
            response = connection.getresponse()
            body = response.read(MAX_BYTES + 1)
        finally:
            connection.close()
        if response.status != 200:
            raise ValueError(f"the answer has status {response.status}")
        if len(body) > MAX_BYTES:
            raise ValueError(f"the answer has more than {MAX_BYTES} bytes")
        return body


def parse(body: bytes) -> Keys:
    """The keys of a set that can verify signatures.

    Raises:
        ValueError: it is no key set, or has none of them.
    """
    match json.loads(body):
        case {"keys": list(entries)}:
            keys = tuple(key for entry in entries for key in _key(entry))
        case _:
            raise ValueError("the answer is no key set")
    if not keys:
        raise ValueError("the key set has no key for signatures")
    return Keys(keys)


def _key(entry: Any) -> Iterator[Key]:
    """The key of an entry, unless it is of a kind that is not known or not for signatures."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return
    if not isinstance(entry.get("kid", ""), str) or not _known(entry.get("alg")):
        return
    try:
        key = jwt.PyJWK(entry)
    except (jwt.PyJWTError, TypeError, ValueError, KeyError):
        return
    # That of the key's kind may be one for secrets.
    if key.algorithm_name in ALGORITHMS:
        yield Key(key.algorithm_name, key.key, key.key_id)


def _known(algorithm: object) -> bool:
    """A key need not name its algorithm, which is then that of its kind."""
    return algorithm is None or (isinstance(algorithm, str) and algorithm in ALGORITHMS)
