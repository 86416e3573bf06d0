"""Credentials that ordinary clients of a running world use, in every mode.

They come from the world's file alone: the `auth` of a Region is what its clients need.
"""

from __future__ import annotations

import shlex
from typing import Any, assert_never

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import WorldRegion
from antipode_tools.world.errors import WorldError


def token(region: WorldRegion, **claims: Any) -> str:
    """A token that a Region accepts, with `claims` in place of its recipe's.

    Raises:
        WorldError: none can be made here.
    """
    if region.auth.token is None:
        raise WorldError(
            f"no token can be made for {region.name}",
            f"its stack, in mode {region.auth.mode}, has nothing to sign tokens with",
            "leave TokenJwksUrl empty here, or sign in with a token of its issuer",
        )
    return region.auth.token.mint(**claims)


def shown(region: WorldRegion) -> str:
    """The credential in a few words: the key, or how to get one."""
    match region.auth.mode:
        case AuthMode.API_KEY:
            return str(region.api_key)
        case AuthMode.AWS_IAM:
            assert region.auth.keys is not None
            return f"signed by {region.auth.keys.access_key_id}"
        case AuthMode.AWS_LAMBDA | AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            return "antipode token" if region.auth.token else "a token from your issuer"
        case _:
            assert_never(region.auth.mode)


def for_curl(region: WorldRegion) -> str:
    """The credential as arguments for curl, quoted for a shell."""
    match region.auth.mode:
        case AuthMode.API_KEY:
            return f"-H 'x-api-key: {region.api_key}'"
        case AuthMode.AWS_IAM:
            keys = region.auth.keys
            assert keys is not None
            user = shlex.quote(f"{keys.access_key_id}:{keys.secret_access_key}")
            return f"--aws-sigv4 aws:amz:{region.code}:appsync --user {user}"
        case AuthMode.AWS_LAMBDA | AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            made = "$(antipode token)" if region.auth.token else "$TOKEN"
            return f'-H "Authorization: {made}"'
        case _:
            assert_never(region.auth.mode)
