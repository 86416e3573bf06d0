"""A token issuer on this machine, in place of a Cognito user pool or an OpenID provider.

It stands in for the issuers that an API trusts, with a key of its own. It publishes the public key
as they do; whoever has the private key can make tokens.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, assert_never

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

from localaws.appsync.deployed import OpenIdProvider, TokenIssuer, UserPool
from localaws.asgi import Message, Receive, Send

KEY_ID = "local"

JWKS_PATH = "/.well-known/jwks.json"
DISCOVERY_PATH = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class LocalIssuer:
    """Stands in for some issuers, with one key.

    Args:
        url: where its documents are served.
    """

    issuers: Sequence[TokenIssuer]
    url: str
    key: rsa.RSAPrivateKey

    @classmethod
    def of(cls, issuers: Sequence[TokenIssuer], url: str) -> Self:
        """An issuer with a new key."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return cls(issuers, url, key)

    @property
    def stand_ins(self) -> dict[str, str]:
        """The address to fetch each issuer's documents from, by the issuer's name."""
        return {
            issuer.issuer.rstrip("/"): f"{self.url}{path}"
            for path, issuer in self._by_path().items()
        }

    @property
    def private_key(self) -> str:
        """The key that signs its tokens with RS256, in PEM."""
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode()

    @property
    def documents(self) -> dict[str, Any]:
        """The documents to serve, by path."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        keys = {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}
        served: dict[str, Any] = {}
        for path, issuer in self._by_path().items():
            where = f"{self.url}{path}{JWKS_PATH}"
            served[f"{path}{JWKS_PATH}"] = keys
            served[f"{path}{DISCOVERY_PATH}"] = {"issuer": issuer.issuer, "jwks_uri": where}
        return served

    def _by_path(self) -> dict[str, TokenIssuer]:
        return {f"/{number}": issuer for number, issuer in enumerate(self.issuers, 1)}


def claims(issuer: TokenIssuer, *, client: str = "local") -> dict[str, Any]:
    """The claims of an issuer's access token, for the first client that the API names.

    Args:
        client: whom the token is for where the API names no client.
    """
    client = issuer.clients.split("|")[0] if issuer.clients else client
    match issuer:
        case UserPool():
            return {
                "iss": issuer.issuer,
                "sub": "local",
                "username": "local",
                "client_id": client,
                "token_use": "access",
            }
        case OpenIdProvider():
            return {"iss": issuer.issuer, "sub": "local", "aud": client}
        case _:
            assert_never(issuer)


@dataclass(frozen=True)
class Documents:
    """Serves JSON documents by their paths, as an ASGI application.

    Args:
        current: returns the current documents by path.
    """

    current: Callable[[], Mapping[str, Any]]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"{scope['type']} is not a scope that this application serves")
        document = self.current().get(scope["path"])
        headers = [(b"content-type", b"application/json")]
        status = 404 if document is None else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})
