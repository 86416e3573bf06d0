"""Metrics, as a line of the log that CloudWatch reads."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from antipode.namespace import Namespace


def emit(
    namespace: Namespace, unit: MetricUnit, values: Mapping[str, list[int]], **dimensions: str
) -> None:
    """Writes the values of some metrics of one unit."""
    # A whole set at once: Powertools' add_metric costs as much as the signing of a request.
    metrics = {name: {"Unit": unit.value, "Value": chunk} for name, chunk in values.items()}
    # One set of dimensions for each: CloudWatch bills each set as a metric of its own.
    EphemeralMetrics(
        metric_set=metrics,
        dimension_set={"Stack": namespace.stack, **dimensions},
        namespace=namespace.name,
    ).flush_metrics()
