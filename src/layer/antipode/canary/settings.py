"""What the deployment decides, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from antipode.environment import required
from antipode.namespace import Namespace


@dataclass(frozen=True)
class Settings:
    """The canary's settings. Those of tokens are empty where the API's mode has none."""

    region: str
    regions: Sequence[str]
    model: str
    auth_mode: str
    graphql_url: str
    realtime_url: str
    api_id: str
    token_secret_id: str
    token_issuer: str
    token_audience: str
    namespace: Namespace

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of this function.

        Raises:
            SettingsError: one is missing.
        """
        return cls(
            region=required(environ, "AWS_REGION"),
            regions=tuple(required(environ, "REGIONS").split(",")),
            model=required(environ, "MODEL"),
            auth_mode=required(environ, "AUTH_MODE"),
            graphql_url=required(environ, "GRAPHQL_URL"),
            realtime_url=required(environ, "REALTIME_URL"),
            api_id=required(environ, "API_ID"),
            token_secret_id=environ.get("TOKEN_SECRET_ID", ""),
            token_issuer=environ.get("TOKEN_ISSUER", ""),
            token_audience=environ.get("TOKEN_AUDIENCE", ""),
            namespace=Namespace.from_env(environ),
        )
