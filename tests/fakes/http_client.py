"""A client of servers on this machine."""

from __future__ import annotations

from typing import Any

import httpx


def http_client(**options: Any) -> httpx.AsyncClient:
    """It speaks no TLS: to read the certificates that it would trust takes longer than to ask."""
    return httpx.AsyncClient(trust_env=False, verify=False, **options)
