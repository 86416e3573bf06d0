"""How each Region is, part by part, and what lies set aside there."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from antipode_tools.console.metrics import lately
from antipode_tools.console.places import Place, Places, impatient
from antipode_tools.console.server import Deed
from antipode_tools.operate.drain import following
from antipode_tools.operate.drain.command import HEALTH_URL, PARAMETER, Switch
from antipode_tools.operate.redrive import services
from antipode_tools.operate.redrive.bucket import PREFIX
from antipode_tools.operate.redrive.command import redrive_stack
from antipode_tools.operate.redrive.progress import Progress
from antipode_tools.operate.redrive.report import as_json
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.stacks.where import Where

# JSON.
Json = Any

_WITHIN_S = 10.0
# A page of S3's: more than so many objects are "1000 and more".
_MOST_OBJECTS = 1_000


def of_stacks(places: Places) -> Mapping[str, Deed]:
    """Everything about the Regions' stacks."""

    async def health(asked: Json) -> Json:
        """How a Region is. What cannot be told is a problem of its own."""
        place = places.named(asked["region"])
        target = impatient(await _stack(place))
        parts: dict[str, Callable[[], Json]] = {
            "set_aside": partial(_set_aside, target),
            "drained": partial(_drained, target),
            "serving": partial(_serving, target),
        }
        if target.where is Where.AWS:
            codes = [each.code for each in places.every]
            parts["metrics"] = partial(lately, target, codes, datetime.now(UTC))
        told = await asyncio.gather(*(_told(look) for look in parts.values()))
        return dict(zip(parts, told, strict=True))

    async def undelivered(asked: Json) -> Json:
        """What lies undelivered, and why; nothing is sent."""
        return await _redriven(places.named(asked["region"]), dry_run=True)

    async def redrive(asked: Json) -> Json:
        """Publish it again."""
        return await _redriven(places.named(asked["region"]), dry_run=False)

    return {"health": health, "undelivered": undelivered, "redrive": redrive}


async def _stack(place: Place) -> Target:
    return await asyncio.to_thread(place.stack)


async def _redriven(place: Place, *, dry_run: bool) -> Json:
    progress = Progress(io.StringIO(), time.monotonic)
    target = await _stack(place)
    report = await asyncio.to_thread(redrive_stack, target, dry_run=dry_run, progress=progress)
    return as_json(report)


async def _told(look: Callable[[], Json]) -> Json:
    try:
        async with asyncio.timeout(_WITHIN_S):
            return {"found": await asyncio.to_thread(look), "problem": ""}
    except TimeoutError:
        return {"found": None, "problem": f"no answer within {_WITHIN_S:g} s"}
    except OperationError as error:
        return {"found": None, "problem": str(error)}


def _set_aside(target: Target) -> Json:
    """How many messages and objects there are: those in flight are another's, or just looked at."""
    with translated(f"cannot count what is undelivered in {target.region.code}"):
        told = services.sqs(target).get_queue_attributes(
            QueueUrl=target.output(services.QUEUE_URL), AttributeNames=["All"]
        )["Attributes"]
        objects = services.s3(target).list_objects_v2(
            Bucket=target.output(services.BUCKET), Prefix=PREFIX, MaxKeys=_MOST_OBJECTS
        )
    return {
        "messages": int(told["ApproximateNumberOfMessages"])
        + int(told["ApproximateNumberOfMessagesNotVisible"]),
        "objects": objects.get("KeyCount", 0),
    }


def _drained(target: Target) -> bool | None:
    """Whether somebody took the Region out of the shared name; None where there is none."""
    return Switch.of(target).read() if PARAMETER in target.outputs else None


def _serving(target: Target) -> bool | None:
    """What the Region's own /health says; None where there is none."""
    url = target.outputs.get(HEALTH_URL)
    return None if url is None else following.health(url)
