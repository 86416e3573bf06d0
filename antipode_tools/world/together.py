"""Runs work in parallel, where one failure cancels the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Run everything at once, to the end.

    Raises:
        Exception: the first that any of them raised, by itself; the others are cancelled.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
