"""What the relay answers: to Lambda where to go on, to a redrive what became of each record.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

from collections.abc import Sequence

from antipode.json_values import Json
from antipode.relay.errors import RedriveVersionError, UnplacedFailureError
from antipode.relay.task import Fate, Task

# The form of a redrive's event and of its answer.
REDRIVE_VERSION = 1


def is_redrive(event: Json) -> bool:
    """Whether the records come from where undelivered changes are kept, not from a stream.

    Raises:
        RedriveVersionError: they do, in a form of another version.
    """
    if event.get("redrive") is not True:
        return False
    if (version := event.get("version")) != REDRIVE_VERSION:
        raise RedriveVersionError(version, REDRIVE_VERSION)
    return True


def response(event: Json, tasks: Sequence[Task]) -> Json:
    """What to answer to an event after its records have met their fates.

    Raises:
        UnplacedFailureError: a record is left that has no sequence number to name.
    """
    if is_redrive(event):
        return {"version": REDRIVE_VERSION, "outcomes": [_outcome(task) for task in tasks]}
    left = [task.read.header.sequence for task in tasks if task.is_left]
    numbers = [number for number in left if number is not None]
    if len(numbers) < len(left):
        raise UnplacedFailureError
    # Lambda goes on from the lowest, and whatever else is named means nothing.
    lowest = [min(numbers, key=int)] if numbers else []
    return {"batchItemFailures": [{"itemIdentifier": number} for number in lowest]}


def _outcome(task: Task) -> Json:
    fate = Fate.PUBLISHED if task.fate is Fate.REDELIVERED else task.fate
    return {"fate": fate.name, "detail": task.detail}
