"""The function's credentials, read as Lambda hands them over.

In the environment; with SnapStart, from an endpoint that the environment names.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from antipode.json_values import Json
from antipode.relay.errors import CredentialsError

# Credentials are fetched anew so long before they expire: longer than a request lives.
EXPIRY_MARGIN_S = 60.0

Fetch = Callable[[str, Mapping[str, str]], bytes]
"""Gets the body at a URL with these headers, or raises OSError."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request is signed with."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


class LambdaCredentials:
    """The credentials of the moment: ask at every signing."""

    def __init__(self, environ: Mapping[str, str], fetch: Fetch, now: Callable[[], float]) -> None:
        self._environ, self._fetch, self._now = environ, fetch, now
        self._fetched: Credentials | None = None
        self._expires = 0.0

    def __call__(self) -> Credentials:
        """The credentials to sign with now.

        Raises:
            CredentialsError: there are none.
        """
        environ = self._environ
        if "AWS_ACCESS_KEY_ID" in environ and "AWS_SECRET_ACCESS_KEY" in environ:
            return Credentials(
                environ["AWS_ACCESS_KEY_ID"],
                environ["AWS_SECRET_ACCESS_KEY"],
                environ.get("AWS_SESSION_TOKEN"),
            )
        if self._fetched is None or self._now() >= self._expires - EXPIRY_MARGIN_S:
            self._fetched, self._expires = self._from_endpoint()
        return self._fetched

    def _from_endpoint(self) -> tuple[Credentials, float]:
        url = self._environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        if url is None:
            raise CredentialsError("the environment holds no credentials and names no endpoint")
        try:
            return _parse(json.loads(self._fetch(url, self._authorization())))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CredentialsError(f"no credentials from {url}: {error!r}") from error

    def _authorization(self) -> Mapping[str, str]:
        if path := self._environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"):
            return {"Authorization": Path(path).read_text().strip()}
        if token := self._environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN"):
            return {"Authorization": token}
        return {}


def _parse(answer: Json) -> tuple[Credentials, float]:
    credentials = Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
    return credentials, datetime.fromisoformat(answer["Expiration"]).timestamp()
