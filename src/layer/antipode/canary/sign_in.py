"""What the canary signs in with: what the clients of the API's mode do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from antipode.canary.errors import SignInError
from antipode.canary.protocol import Sign
from antipode.canary.settings import Settings
from antipode.canary.tokens import token

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient
    from mypy_boto3_secretsmanager import SecretsManagerClient


def by_api_key(client: AppSyncClient, api_id: str) -> Sign:
    """With the key that lives longest: the stack's outputs may not show it.

    Raises:
        SignInError
    """
    try:
        keys = client.list_api_keys(apiId=api_id)["apiKeys"]
    except (BotoCoreError, ClientError) as error:
        raise SignInError(f"the API's keys cannot be listed: {error}") from error
    if not keys:
        raise SignInError("the API has no key any more")
    return with_headers({"x-api-key": max(keys, key=lambda key: key.get("expires", 0))["id"]})


def by_token(
    client: SecretsManagerClient, settings: Settings, now: Callable[[], float] = time.time
) -> Sign:
    """With a token that the canary signs, as whoever else holds the secret may.

    Raises:
        SignInError
    """
    try:
        secret = client.get_secret_value(SecretId=settings.token_secret_id)["SecretString"]
    except (BotoCoreError, ClientError) as error:
        raise SignInError(f"the tokens' secret cannot be read: {error}") from error
    made = token(
        secret,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        model=settings.model,
        now=now(),
    )
    # Beside a user pool or a provider AppSync takes a bare token for theirs.
    return with_headers({"Authorization": f"lambda:{made}"})


def with_headers(headers: Mapping[str, str]) -> Sign:
    """Signs every request with the same headers."""
    return partial(_with_headers, headers)


def _with_headers(
    headers: Mapping[str, str], url: str, body: bytes, other: Mapping[str, str]
) -> Mapping[str, str]:
    return {"host": urlsplit(url).netloc, **headers}
