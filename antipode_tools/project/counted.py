"""What a Region of the local world has done since its first request, as a world tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """One Region's counts.

    Args:
        seconds: from the first deed to the last, in which all of this was.
        requests: at AppSync, the relay's among them.
        announced: at AppSync, with or without somebody who hears.
        updates: messages of 5 kB begun, to clients.
        bytes_told: of those messages.
        connection_s: of all clients together.
        connections: that are open now.
        writes: at the Region's replicas, its own and replicated ones.
        write_units: of 1 kB begun.
        bytes_written: of the items as they were after each write.
    """

    seconds: float = 0.0
    requests: int = 0
    announced: int = 0
    updates: int = 0
    bytes_told: int = 0
    connection_s: float = 0.0
    connections: int = 0
    writes: int = 0
    write_units: int = 0
    bytes_written: int = 0
