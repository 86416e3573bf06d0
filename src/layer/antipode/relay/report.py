"""What the relay says of a batch: log lines without item contents, and metrics.

Keys, event ids and numbers are logged; what else an item holds never is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit

from antipode.metrics import emit
from antipode.namespace import Namespace
from antipode.relay.change import Change, ChangeKind
from antipode.relay.task import Fate, Task

# CloudWatch takes at most 100 values of a metric in one line.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
MAX_VALUES = 100

# A dimension costs by its values, and this one is read from what anyone may write to the table.
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")

_VERSION = re.compile(r"[0-9]{1,15}")

# What was held back fails with what held it back: Lambda sends both again.
_COUNTED = {
    Fate.PUBLISHED: "Published",
    Fate.UNDELIVERED: "Undelivered",
    Fate.REDELIVERED: "Redelivered",
    Fate.FAILED: "Failed",
    Fate.HELD_BACK: "Failed",
}


def report(
    tasks: Sequence[Task], *, logger: Logger, namespace: Namespace, each: bool = False
) -> None:
    """Logs and counts what became of a batch.

    Args:
        each: whether a change that was published has a line of its own.
    """
    counts = count(tasks)
    for task in tasks:
        _log(task, logger)
        if each and task.fate is Fate.PUBLISHED:
            logger.info("change published", extra=_facts(task) | _times(task))
    logger.info("batch relayed", extra={"records": len(tasks), **counts})
    emit(namespace, MetricUnit.Count, {name: [number] for name, number in counts.items()})
    _emit_all(namespace, "RecordAge", record_ages(tasks))
    for region, lags in replication_lags(tasks).items():
        _emit_all(namespace, "ReplicationLag", lags, SourceRegion=region)


def count(tasks: Sequence[Task]) -> dict[str, int]:
    """Every counted metric of a batch, zeros included: an alarm needs them."""
    fates = Counter(_COUNTED[task.fate] for task in tasks)
    return {name: fates[name] for name in _COUNTED.values()} | {
        "Oversized": sum(1 for task in tasks if task.fate is Fate.PUBLISHED and task.dropped),
        "Retried": sum(max(0, task.attempts - 1) for task in tasks),
        "Throttled": sum(task.throttled for task in tasks),
    }


def record_ages(tasks: Iterable[Task]) -> list[int]:
    """Milliseconds from each stream record to its announcement."""
    return [
        _milliseconds(task.published_at - recorded_at)
        for task in tasks
        if task.fate is Fate.PUBLISHED and (recorded_at := task.read.header.recorded_at) is not None
    ]


def replication_lags(tasks: Iterable[Task]) -> dict[str, list[int]]:
    """Milliseconds from each write to its announcement, by the Region that took the write."""
    lags: dict[str, list[int]] = defaultdict(list)
    for task in tasks:
        if task.fate is Fate.PUBLISHED and (origin := _origin(task)):
            region, written_at = origin
            lags[region].append(_milliseconds(task.published_at - written_at))
    return lags


def _origin(task: Task) -> tuple[str, float] | None:
    change = task.change
    # The last image of a deleted item tells when it was last written, not when it was deleted.
    if change is None or change.kind is ChangeKind.DELETE:
        return None
    match change.image.get("updatedIn"), change.image.get("updatedAt"):
        case {"S": str(region)}, {"S": str(moment)} if _REGION.fullmatch(region):
            try:
                return region, datetime.fromisoformat(moment).timestamp()
            except ValueError:
                return None
        case _:
            return None


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))  # the clocks of two Regions may disagree


def _log(task: Task, logger: Logger) -> None:
    logger.debug("record", extra={"fate": task.fate.name, "record": task.record})
    if task.fate is Fate.UNDELIVERED:
        logger.error("change undelivered", extra=_facts(task))
    elif task.fate is Fate.FAILED:
        logger.error("change failed and will be sent again", extra=_facts(task))
    elif task.dropped and task.fate is Fate.PUBLISHED:
        logger.warning(
            "change published without its largest fields: subscribers have to query the item",
            extra=_facts(task) | {"dropped": task.dropped},
        )


def _facts(task: Task) -> dict[str, object]:
    facts: dict[str, object] = {"detail": task.detail, "attempts": task.attempts}
    if (change := task.change) is not None:
        facts |= {
            "event_id": task.id,
            "kind": change.kind,
            "model": change.model,
            "keys": change.keys,
            "sequence": change.sequence,
            **_write(change),
        }
    return facts


def _write(change: Change) -> dict[str, object]:
    """What the answer to a write says of it, too: with the keys, which write it is.

    Anyone may write these to a table, so what has not their form is left out.
    """
    version, region = change.image.get("version"), change.image.get("updatedIn")
    written: dict[str, object] = {}
    match version:
        case {"N": str(number)} if _VERSION.fullmatch(number):
            written["version"] = int(number)
    match region:
        case {"S": str(name)} if _REGION.fullmatch(name):
            written["updated_in"] = name
    return written


def _times(task: Task) -> dict[str, int]:
    """Milliseconds to the announcement, from the write and from the record, as far as is known."""
    lags = [lag for each in replication_lags([task]).values() for lag in each]
    times = {"lag_ms": lags, "age_ms": record_ages([task])}
    return {name: values[0] for name, values in times.items() if values}


def _emit_all(namespace: Namespace, name: str, values: Iterable[int], **dimensions: str) -> None:
    remaining = iter(values)
    while chunk := list(islice(remaining, MAX_VALUES)):
        emit(namespace, MetricUnit.Milliseconds, {name: chunk}, **dimensions)
