"""What the deployment decides, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from antipode.environment import required
from antipode.health.table import Table


@dataclass(frozen=True)
class Settings:
    """The settings of the function behind /health."""

    region: str
    table: Table
    graphql_url: str
    relay_alarms: Sequence[str]
    drained_parameter: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of this function.

        Raises:
            SettingsError: one is missing.
        """
        return cls(
            region=required(environ, "AWS_REGION"),
            table=Table(required(environ, "TABLE"), _key(environ)),
            graphql_url=required(environ, "GRAPHQL_URL"),
            relay_alarms=tuple(required(environ, "RELAY_ALARMS").split(",")),
            drained_parameter=required(environ, "DRAINED_PARAMETER"),
        )


def _key(environ: Mapping[str, str]) -> Mapping[str, str]:
    key = {required(environ, "PARTITION_KEY"): required(environ, "PARTITION_KEY_TYPE")}
    if sort := environ.get("SORT_KEY"):  # empty where the table has none
        key[sort] = required(environ, "SORT_KEY_TYPE")
    return key
