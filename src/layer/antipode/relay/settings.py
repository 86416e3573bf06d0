"""What the deployment decides, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from antipode.environment import required
from antipode.errors import SettingsError
from antipode.namespace import Namespace

# Measured (bench/relay.py): the fewest that keep up with the 1,000 records a second of a shard
# where a publish takes 25 ms, and reach nearly what they could where it takes 10 ms.
DEFAULT_LANES = 32


@dataclass(frozen=True)
class Settings:
    """The relay's settings.

    Args:
        tables: the models of tables whose names do not begin with the prefix, by these names.
    """

    graphql_url: str
    table_prefix: str
    tables: Mapping[str, str]
    queue_url: str
    region: str
    lanes: int
    publish_rate: int
    namespace: Namespace
    log_changes: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of this function.

        Raises:
            SettingsError: one is missing or wrong.
        """
        return cls(
            graphql_url=_url(environ, "GRAPHQL_URL"),
            table_prefix=required(environ, "TABLE_PREFIX"),
            tables=_tables(environ, "TABLES"),
            queue_url=_url(environ, "UNDELIVERED_QUEUE_URL"),
            region=required(environ, "AWS_REGION"),
            lanes=_number(environ, "LANES", DEFAULT_LANES, least=1),
            publish_rate=_number(environ, "PUBLISH_RATE", 0, least=0),
            namespace=Namespace.from_env(environ),
            log_changes=environ.get("LOG_CHANGES") == "true",
        )


def _url(environ: Mapping[str, str], name: str) -> str:
    url = required(environ, name)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(name, f"is {url!r}, and not the URL of a server")
    return url


def _tables(environ: Mapping[str, str], name: str) -> Mapping[str, str]:
    """`Todo=Todo-abc123-prod;Note=...;`, the other way about."""
    entries = [each for each in environ.get(name, "").split(";") if each]
    pairs = [entry.partition("=") for entry in entries]
    for entry, (model, _, table) in zip(entries, pairs, strict=True):
        if not model or not table:
            raise SettingsError(name, f"has {entry!r}, and not a model and its table")
    return {table: model for model, _, table in pairs}


def _number(environ: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise SettingsError(name, f"is {text!r}, and not a whole number from {least} up")
    return int(text)
