"""Where a function counts."""

from __future__ import annotations

from antipode.metrics import UNKNOWN, Metrics


def test_a_function_counts_for_the_stack_that_the_deployment_names() -> None:
    environ = {"POWERTOOLS_METRICS_NAMESPACE": "Antipode", "STACK_NAME": "shop"}
    assert Metrics.from_env(environ) == Metrics("Antipode", "shop")


def test_a_function_whose_deployment_has_not_named_the_stack_yet_serves() -> None:
    environ = {"POWERTOOLS_METRICS_NAMESPACE": "Antipode"}
    assert Metrics.from_env(environ) == Metrics("Antipode", UNKNOWN)
