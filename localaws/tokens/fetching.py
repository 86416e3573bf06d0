"""Fetches the documents of token issuers over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.request import ProxyHandler, build_opener

from localaws.appsync.key_sets import Fetch

_TIMEOUT_S = 5
# Ten times the size of a large key set.
_MAX_BYTES = 1024 * 1024


def over_http(stand_ins: Mapping[str, str]) -> Fetch:
    """Fetches URLs; those of an issuer in `stand_ins` from the address given there instead."""

    async def fetch(url: str) -> bytes:
        for name, base in stand_ins.items():
            if url.startswith(f"{name}/"):
                # It is on this machine: no proxy.
                return await asyncio.to_thread(_get, base + url.removeprefix(name), {})
        return await asyncio.to_thread(_get, url, None)

    return fetch


def _get(url: str, proxies: dict[str, str] | None) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise OSError("an issuer's documents can only be fetched over HTTP")
    with build_opener(ProxyHandler(proxies)).open(url, timeout=_TIMEOUT_S) as answer:
        body: bytes = answer.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        raise OSError(f"the document is over {_MAX_BYTES} bytes")
    return body
