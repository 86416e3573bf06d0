"""Serves what anybody deploys into a running world, as AWS would.

It watches the time of the stack's last update, which takes one cheap call; reading the API itself
takes some thirty.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from antipode_tools.world.errors import WorldError

log = logging.getLogger(__name__)

EVERY_S = 1.0

Updated = Callable[[], Awaitable[datetime | None]]
"""When the stack was last updated; None while it is, or where nobody answers."""


async def follow(
    updated: Updated, serve: Callable[[], Awaitable[None]], *, every_s: float = EVERY_S
) -> None:
    """Call `serve` after each update of a stack, until cancelled.

    Args:
        serve: reads the API and serves it; after a WorldError the previous API is served.
    """
    served = await updated()
    while True:
        await asyncio.sleep(every_s)
        last = await updated()
        if last is None or last == served:
            continue
        try:
            await serve()
        except WorldError as error:
            log.error("%s; still serving the previous API", error)
        served = last
