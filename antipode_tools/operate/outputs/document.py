"""amplify_outputs.json: what Amplify's libraries are configured with.

https://docs.amplify.aws/react/reference/amplify_outputs/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antipode_tools.project.auth_mode import AuthMode

# Parsed JSON.
Json = Mapping[str, Any]

# Of the file's format. Amplify 6 takes every 1.x.
_VERSION = "1.4"


@dataclass(frozen=True)
class UserPool:
    """A Cognito user pool, and the client of it that front ends sign in by."""

    id: str
    region: str
    client_id: str


@dataclass(frozen=True)
class Api:
    """Where a front end finds an API, and how it signs in.

    Args:
        url: for queries and mutations; the libraries derive from it where they subscribe.
        region: whose API it is (eu-west-1).
        modes: how, the default first.
        api_key: in the mode API_KEY.
        pool: in the mode AMAZON_COGNITO_USER_POOLS, where it is known.
    """

    url: str
    region: str
    modes: Sequence[AuthMode]
    api_key: str | None = None
    pool: UserPool | None = None


def document(api: Api, model_introspection: Json) -> Json:
    """The file, with what Amplify's data client has to know of the models."""
    data: dict[str, Any] = {
        "url": api.url,
        "aws_region": api.region,
        **({"api_key": api.api_key} if api.api_key else {}),
        "default_authorization_type": api.modes[0].value,
        "authorization_types": [mode.value for mode in api.modes[1:]],
        "model_introspection": model_introspection,
    }
    return {"version": _VERSION, **_auth(api.pool), "data": data}


def _auth(pool: UserPool | None) -> Json:
    if pool is None:
        return {}
    return {
        "auth": {
            "aws_region": pool.region,
            "user_pool_id": pool.id,
            "user_pool_client_id": pool.client_id,
        }
    }
