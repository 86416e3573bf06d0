"""Metrics, as lines of the log that CloudWatch reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from antipode.environment import required

# A stack whose deployment has not told its name yet.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Metrics:
    """Where a function counts.

    Args:
        stack: the stack's name, a dimension of every metric: an account may have two in one Region.
    """

    namespace: str
    stack: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Metrics:
        """As the deployment says.

        Raises:
            SettingsError: a variable is missing.
        """
        return cls(
            namespace=required(environ, "POWERTOOLS_METRICS_NAMESPACE"),
            # A deployment may change the code first, and the function serves meanwhile.
            stack=environ.get("STACK_NAME") or UNKNOWN,
        )

    def emit(self, unit: MetricUnit, values: Mapping[str, list[int]], **dimensions: str) -> None:
        """Writes the values of some metrics of one unit."""
        # A whole set at once: Powertools' add_metric costs as much as the signing of a request.
        metrics = {name: {"Unit": unit.value, "Value": chunk} for name, chunk in values.items()}
        # One set of dimensions for each: CloudWatch bills each set as a metric of its own.
        EphemeralMetrics(
            metric_set=metrics,
            dimension_set={"Stack": self.stack, **dimensions},
            namespace=self.namespace,
        ).flush_metrics()
