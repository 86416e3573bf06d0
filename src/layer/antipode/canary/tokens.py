"""A token of HS256, as the stack's own authorizer takes it (RFC 7519, RFC 7515)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from antipode.json_values import Json

# Longer than a look, and no longer than it takes to make the next.
LIFETIME_S = 120


def token(secret: str, *, issuer: str, audience: str, model: str, now: float) -> str:
    """A token of the canary's, for its model alone."""
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": "antipode-canary",
        "scope": f"{model}:read {model}:write",
        "iat": int(now),
        "exp": int(now) + LIFETIME_S,
    }
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_text(mac)}"


def _part(value: Mapping[str, Json]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
