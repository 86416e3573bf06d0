"""What is deployed into a running world is served there, as on AWS.

Seen by the time of the stack's last update, which is one cheap question: the API itself would be
some thirty.
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
    """Serve anew after each update of a stack, until cancelled.

    Args:
        serve: reads the API and serves it; a WorldError leaves what was served before.
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
            log.error("%s; what was there before is served still", error)
        served = last
