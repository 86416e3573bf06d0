"""What the canary says of a look: metrics by Region, and a log line for who was not heard of."""

from __future__ import annotations

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit

from antipode.canary.beat import Found
from antipode.metrics import emit
from antipode.namespace import Namespace


def report(found: Found, *, logger: Logger, namespace: Namespace) -> None:
    """Logs and counts what one look found."""
    for region, why in found.missing.items():
        logger.error("canary not heard", extra={"source_region": region, "detail": why})
    logger.info("canary looked", extra={"heard": found.heard, "ages": found.ages})
    # Zeros included: an alarm needs them, and takes silence for the worst.
    emit(namespace, MetricUnit.Count, {"CanaryMissing": [len(found.missing)]})
    for name, times in (("CanaryHeard", found.heard), ("CanaryAge", found.ages)):
        for region, milliseconds in times.items():
            emit(namespace, MetricUnit.Milliseconds, {name: [milliseconds]}, SourceRegion=region)
    for region in {**found.heard, **found.ages, **found.missing}:
        missing = int(region in found.missing)
        emit(namespace, MetricUnit.Count, {"CanaryMissing": [missing]}, SourceRegion=region)
