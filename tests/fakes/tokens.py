"""Tokens of an issuer of our own, and the keys that sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from antipode.authorizer.keys import Key, Keys
from antipode.authorizer.refusal import KeysUnavailableError
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
)
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

NOW = 1_795_380_420.0  # 2026-11-22T20:47:00Z
ISSUER, AUDIENCE = "https://issuer.example", "antipode"
SECRET, OTHER_SECRET = b"s" * 64, b"t" * 64

Json = Any  # as the json module reads it


def claims(**changes: Json) -> dict[str, Json]:
    """What a good token says; None takes a claim away."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "scope": "items:read items:write",
        "exp": NOW + 600,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(payload: Json, secret: bytes = SECRET, **header: Json) -> str:
    """A token that a secret signs, whatever its contents: PyJWT would not write them all."""
    head = segment({"alg": "HS256", "typ": "JWT", **header})
    return with_signature(f"{head}.{segment(payload)}", secret)


def with_signature(signing_input: str, secret: bytes) -> str:
    digest = hmac.digest(secret, signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{encoded(digest)}"


def segment(value: Json) -> str:
    return encoded(json.dumps(value).encode())


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Signer:
    """A private key with its id, and the one algorithm that it is for."""

    algorithm: str
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    id: str | None = "one"

    def sign(self, payload: Json, **header: Json) -> str:
        named = {} if self.id is None else {"kid": self.id}
        return jwt.encode(payload, self.private, self.algorithm, headers=named | header)

    @property
    def key(self) -> Key:
        return Key(self.algorithm, self.private.public_key(), self.id)

    def entry(self, **changes: Json) -> Json:
        """The public key, as an entry of a key set."""
        public = self.private.public_key()
        entry = (
            ECAlgorithm.to_jwk(public, as_dict=True)
            if isinstance(public, ec.EllipticCurvePublicKey)
            else RSAAlgorithm.to_jwk(public, as_dict=True)
        )
        return {**entry, "kid": self.id, "use": "sig", "alg": self.algorithm, **changes}

    @property
    def pem(self) -> bytes:
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def rsa_signer(id: str | None = "one", algorithm: str = "RS256") -> Signer:
    return Signer(algorithm, rsa.generate_private_key(65_537, 2_048), id)


@cache
def ec_signer(id: str | None = "one") -> Signer:
    return Signer("ES256", ec.generate_private_key(ec.SECP256R1()), id)


def secret_keys(*secrets: bytes) -> Keys:
    return Keys(tuple(Key("HS256", secret) for secret in secrets or (SECRET,)))


@dataclass
class FakeSource:
    """Where keys come from, in memory. None is no answer."""

    keys: Keys | None = field(default_factory=secret_keys)
    asked: int = 0

    def __call__(self) -> Keys:
        self.asked += 1
        if self.keys is None:
            raise KeysUnavailableError("no answer")
        return self.keys
