"""What the deployment decides, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from antipode.authorizer.tokens import Rules
from antipode.environment import required
from antipode.errors import SettingsError
from antipode.namespace import Namespace


@dataclass(frozen=True)
class Settings:
    """The authorizer's settings.

    Args:
        key_set_url: where the issuer's keys are; None means that a secret signs the tokens.
        cache_s: how long AppSync may go by one answer.
    """

    rules: Rules
    key_set_url: str | None
    secret: str
    region: str
    cache_s: int
    namespace: Namespace

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of this function.

        Raises:
            SettingsError: one is missing or wrong.
        """
        return cls(
            rules=Rules(
                issuer=required(environ, "TOKEN_ISSUER"),
                audience=required(environ, "TOKEN_AUDIENCE"),
                skew=_seconds(environ, "TOKEN_CLOCK_SKEW"),
            ),
            key_set_url=_https(environ, "TOKEN_JWKS_URL"),
            secret=required(environ, "TOKEN_SECRET_ID"),
            region=required(environ, "AWS_REGION"),
            cache_s=_seconds(environ, "AUTHORIZER_CACHE_SECONDS"),
            namespace=Namespace.from_env(environ),
        )


def _https(environ: Mapping[str, str], name: str) -> str | None:
    if not (url := environ.get(name)):
        return None
    if not url.startswith("https://"):
        raise SettingsError(name, f"is {url!r}, and not an https URL")
    return url


def _seconds(environ: Mapping[str, str], name: str) -> int:
    text = required(environ, name)
    if not text.isdecimal():
        raise SettingsError(name, f"is {text!r}, and not a whole number of seconds")
    return int(text)
