"""What the deployment decides, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from antipode.environment import required
from antipode.errors import SettingsError

# Measured (bench/relay.py): at 10 ms a publish, 16 lanes reach 80 % of what they could and take
# 0.58 of a processor, which is what Lambda gives at 1,024 MB. 24 lanes would wait for more of it.
DEFAULT_LANES = 16


@dataclass(frozen=True)
class Settings:
    """The relay's settings."""

    graphql_url: str
    table_prefix: str
    queue_url: str
    region: str
    lanes: int
    metrics_namespace: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of this function.

        Raises:
            SettingsError: one is missing or wrong.
        """
        return cls(
            graphql_url=_url(environ, "GRAPHQL_URL"),
            table_prefix=required(environ, "TABLE_PREFIX"),
            queue_url=_url(environ, "UNDELIVERED_QUEUE_URL"),
            region=required(environ, "AWS_REGION"),
            lanes=_positive(environ, "LANES", DEFAULT_LANES),
            metrics_namespace=required(environ, "POWERTOOLS_METRICS_NAMESPACE"),
        )


def _url(environ: Mapping[str, str], name: str) -> str:
    url = required(environ, name)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(name, f"is {url!r}, and not the URL of a server")
    return url


def _positive(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise SettingsError(name, f"is {text!r}, and not a whole number from 1 up")
    return int(text)
