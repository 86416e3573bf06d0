"""What an ordinary client presents itself with to a Region of a running world, in every mode.

Reads world.json alone: the `auth` of a Region says what a client of it needs.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, assert_never

import jwt

from antipode_tools.world.errors import WorldError
from localaws.appsync.ports import AuthMode

# A Region's part of world.json.
Json = Any

# An hour, as Cognito's own.
LIFETIME_S = 3600


@dataclass(frozen=True)
class Recipe:
    """How tokens are made that the API lets in.

    Args:
        key: a private key in PEM, or the secret that the authorizer shares.
        claims: what they say beside their times.
    """

    algorithm: str
    key: str
    claims: Mapping[str, Any]
    key_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """A part of world.json."""
        return asdict(self)

    def mint(self, *, now: float | None = None, lifetime_s: int = LIFETIME_S, **claims: Any) -> str:
        """A token, with some claims otherwise, or left out where they are None."""
        issued = int(time.time() if now is None else now)
        said = {**self.claims, "iat": issued, "exp": issued + lifetime_s, **claims}
        return jwt.encode(
            {name: value for name, value in said.items() if value is not None},
            self.key,
            self.algorithm,
            headers={"kid": self.key_id} if self.key_id else None,
        )


def of_secret(secret: str, *, issuer: str, audience: str, **claims: str) -> Recipe:
    """How the holder of the secret makes tokens, as the authorizer verifies them."""
    return Recipe("HS256", secret, {"iss": issuer, "aud": audience, **claims})


def recipe(region: Json) -> Recipe | None:
    """How to make tokens for a Region, if it lets them in."""
    token = region["auth"].get("token")
    return Recipe(**token) if token else None


def token(region: Json, **claims: Any) -> str:
    """A token that a Region lets in, with claims otherwise than its recipe says.

    Raises:
        WorldError: none can be made here.
    """
    found = recipe(region)
    if found is None:
        raise WorldError(
            f"no token can be made for {region['name']}",
            f"its stack, in the mode {region['auth']['mode']}, holds nothing that signs tokens",
            "leave TokenJwksUrl empty here, or sign in with a token of its issuer",
        )
    return found.mint(**claims)


def shown(region: Json) -> str:
    """The credential in a word: the key, or how to come by one."""
    match mode := AuthMode(region["auth"]["mode"]):
        case AuthMode.API_KEY:
            return str(region["api_key"])
        case AuthMode.AWS_IAM:
            return f"signed by {region['auth']['access_key_id']}"
        case AuthMode.AWS_LAMBDA | AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            return "antipode token" if recipe(region) else "a token of your issuer's"
        case _:
            assert_never(mode)


def for_curl(region: Json) -> str:
    """The credential as arguments of curl's, for a shell."""
    auth = region["auth"]
    match mode := AuthMode(auth["mode"]):
        case AuthMode.API_KEY:
            return f"-H 'x-api-key: {region['api_key']}'"
        case AuthMode.AWS_IAM:
            user = shlex.quote(f"{auth['access_key_id']}:{auth['secret_access_key']}")
            return f"--aws-sigv4 aws:amz:{auth['region']}:appsync --user {user}"
        case AuthMode.AWS_LAMBDA | AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            made = "$(antipode token)" if recipe(region) else "$TOKEN"
            return f'-H "Authorization: {made}"'
        case _:
            assert_never(mode)
