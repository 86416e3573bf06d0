"""Who may ask the console: its own page, on this machine, with the key that it was opened with.

The key stands in the page's address after the `#`, which browsers send nowhere, and comes in a
header of our own, which no other page can send here without our leave.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

KEY_HEADER = "x-antipode-console"

# Nothing from elsewhere and nothing inline; and no text can become a script.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

# A page that was made here for a person to read, such as a drill's report: its style stands in it.
MADE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)


def hosts(port: int) -> frozenset[str]:
    """The names by which the console is called. By another one it is another's page that asks,
    whose name was made to lead here."""
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})


def stranger(headers: Mapping[str, str], known: frozenset[str]) -> str | None:
    """Why whoever sent these headers is a stranger; None if it may be our page.

    Args:
        headers: by their names in small letters.
    """
    if headers.get("host") not in known:
        return "the console is called by 127.0.0.1 alone"
    origin = headers.get("origin")
    if origin is not None and origin.removeprefix("http://") not in known:
        return "another page has no business here"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return "another page has no business here"
    return None


def is_key(given: str, key: str) -> bool:
    """Whether this is the console's key."""
    return hmac.compare_digest(given.encode(), key.encode())
