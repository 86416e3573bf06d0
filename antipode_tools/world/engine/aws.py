"""boto3 clients for the engine, never for the user's accounts, whatever the environment says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from antipode_tools.world.engine.environment import ACCESS_KEY, SECRET_KEY

# The engine is on this machine: it answers at once or not at all. An empty map is no proxy.
_CONFIG = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 2}, proxies={})


@dataclass(frozen=True)
class Aws:
    """The engine as AWS. One session: its clients share what botocore reads of each service."""

    endpoint: str
    session: boto3.Session = field(default_factory=lambda: boto3.Session(ACCESS_KEY, SECRET_KEY))

    def at(self, region: str, *, connections: int = 10) -> dict[str, Any]:
        """What `session.client` needs, beside the service's name.

        Args:
            connections: how many are kept, for as many threads that call at once.
        """
        config = _CONFIG.merge(Config(max_pool_connections=connections))
        return {"region_name": region, "endpoint_url": self.endpoint, "config": config}
