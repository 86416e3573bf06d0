"""What a token for trying out says, and its signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

# As the authorizer verifies it (src/authorizer/secret.py).
ALGORITHM = "HS256"


@dataclass(frozen=True)
class Wanted:
    """What a token is to be good for."""

    subject: str = "you"
    scope: str = "items:read items:write"
    minutes: int = 60


def claims(wanted: Wanted, *, issuer: str, audience: str, now: float) -> dict[str, Any]:
    """All that a token says."""
    issued = int(now)
    return {
        "iss": issuer,
        "aud": audience,
        "sub": wanted.subject,
        "scope": wanted.scope,
        "iat": issued,
        "exp": issued + wanted.minutes * 60,
    }


def mint(said: dict[str, Any], secret: str) -> str:
    """The token, signed with the secret."""
    return jwt.encode(said, secret.encode(), ALGORITHM)
