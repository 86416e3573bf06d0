"""Recipes for tokens that an API accepts, for whoever holds the signing key."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# An hour, as Cognito's own.
LIFETIME_S = 3600


@dataclass(frozen=True)
class Recipe:
    """What tokens are signed with, and what they say.

    Args:
        key: a private key in PEM, or the secret that the authorizer shares.
        claims: what they say, besides their times.
    """

    algorithm: str
    key: str
    claims: Mapping[str, Any]
    key_id: str | None = None

    def mint(self, *, now: float | None = None, lifetime_s: int = LIFETIME_S, **claims: Any) -> str:
        """Make a token. `claims` replace those of the recipe; None leaves one out."""
        import jwt  # here, since every command reads recipes, and few make a token

        issued = int(time.time() if now is None else now)
        said = {**self.claims, "iat": issued, "exp": issued + lifetime_s, **claims}
        return jwt.encode(
            {name: value for name, value in said.items() if value is not None},
            _read(self.algorithm, self.key),
            self.algorithm,
            headers={"kid": self.key_id} if self.key_id else None,
        )


@lru_cache(maxsize=4)  # a private key is checked as it is read, for fifty times as long as it signs
def _read(algorithm: str, key: str) -> Any:
    import jwt

    return jwt.get_algorithm_by_name(algorithm).prepare_key(key)


def of_secret(secret: str, *, issuer: str, audience: str, **claims: str) -> Recipe:
    """The recipe for tokens that an authorizer with this secret accepts."""
    return Recipe("HS256", secret, {"iss": issuer, "aud": audience, **claims})
