"""Issuers of tokens with keys of their own, and the web that their keys are fetched from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from localaws.appsync.deployed import OpenIdProvider, UserPool
from localaws.appsync.ports import Json
from tests.unit.localaws.appsync.fakes import NOW

POOL = UserPool("eu-west-1_Pool", "eu-west-1", clients="web|app")
PROVIDER = OpenIdProvider("https://id.example.com", clients="web|app")

JWKS_OF_POOL = f"{POOL.issuer}/.well-known/jwks.json"
DISCOVERY = f"{PROVIDER.issuer}/.well-known/openid-configuration"
JWKS = "https://id.example.com/keys"

AT = int(NOW.timestamp())

# Any: cryptography's private keys, whatever their kind.
PrivateKey = Any


@cache
def rsa_key(name: str) -> PrivateKey:
    """The key of this name: made once, since that takes a while."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str) -> PrivateKey:
    assert name
    return ec.generate_private_key(ec.SECP256R1())


def public(key_id: str, key: PrivateKey, **more: Json) -> Json:
    """A key as a key set shows it."""
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": key_id, "use": "sig", **more}


@dataclass
class FakeWeb:
    """What URLs answer, and which were asked."""

    documents: dict[str, Json] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise OSError(f"no answer from {url}")
        document = self.documents[url]
        return document if isinstance(document, bytes) else json.dumps(document).encode()

    def publish(self, *keys: Json) -> None:
        """These are the keys of both issuers from now on."""
        self.documents |= {
            JWKS_OF_POOL: {"keys": list(keys)},
            DISCOVERY: {"issuer": PROVIDER.issuer, "jwks_uri": JWKS},
            JWKS: {"keys": list(keys)},
        }


def web() -> FakeWeb:
    """With the key `1` published."""
    made = FakeWeb()
    made.publish(public("1", rsa_key("1"), alg="RS256"))
    return made


def pool_claims(**changes: Json) -> Json:
    """An access token's, of a user in two groups."""
    return without_absent(
        {
            "iss": POOL.issuer,
            "sub": "ada",
            "username": "ada",
            "client_id": "web",
            "token_use": "access",
            "cognito:groups": ["readers", "writers"],
            "iat": AT,
            "exp": AT + 3600,
            **changes,
        }
    )


def provider_claims(**changes: Json) -> Json:
    return without_absent(
        {
            "iss": PROVIDER.issuer,
            "sub": "ada",
            "aud": "web",
            "iat": AT,
            "exp": AT + 3600,
            **changes,
        }
    )


ABSENT = object()


def without_absent(claims: Json) -> Json:
    return {name: value for name, value in claims.items() if value is not ABSENT}


def signed(
    claims: Json, *, key: PrivateKey = None, key_id: str | None = "1", algorithm: str = "RS256"
) -> str:
    """A token; by default one of the key that is published."""
    headers = {"kid": key_id} if key_id else {}
    return jwt.encode(claims, rsa_key("1") if key is None else key, algorithm, headers=headers)
