"""Metrics, as a line of the log that CloudWatch reads."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit


def emit(
    namespace: str, unit: MetricUnit, values: Mapping[str, list[int]], **dimensions: str
) -> None:
    """Writes the values of some metrics of one unit."""
    # A whole set at once: Powertools' add_metric costs as much as the signing of a request.
    metrics = {name: {"Unit": unit.value, "Value": chunk} for name, chunk in values.items()}
    EphemeralMetrics(
        metric_set=metrics, dimension_set=dict(dimensions), namespace=namespace
    ).flush_metrics()
