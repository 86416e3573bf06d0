"""The limits of the real-time channel: the service's own, where it publishes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds unless the name says otherwise.

    Quotas: https://docs.aws.amazon.com/general/latest/gr/appsync.html
    """

    keep_alive_s: float = 60.0
    "Between two `ka` frames. amplify-js warns its user after 65 s without one."
    connection_timeout_ms: int = 300_000
    "Told to the client: how long it waits for a `ka`. Mandatory, and some clients want 60 s."
    life_s: float = 24 * 60 * 60.0
    "The service ends every connection after a day."
    subscriptions: int = 200
    "On one connection, including those still starting. Quota L-AA33EB36."

    starts_per_second: int = 500
    "On one connection. The service has such a limit and does not publish it."
    message_bytes: int = 240 * 1024
    "Of one client message; a larger one closes the socket with 1009. Not published either."
    waiting_characters: int = 64_000_000
    """Of frames that the client has not read yet; beyond it the client is disconnected with 1008.
    One notification of 240 KB to each of its subscriptions fits."""
    refusal_s: float = 5.0
    "How long a refused client has for its own first message before the socket is closed."
    send_timeout_s: float = 10.0
    "How long the socket may take no frame at all before the client counts as gone."
