"""Where a function counts."""

from __future__ import annotations

from antipode.namespace import UNKNOWN, Namespace


def test_a_function_counts_for_the_stack_that_the_deployment_names() -> None:
    environ = {"POWERTOOLS_METRICS_NAMESPACE": "Antipode", "STACK_NAME": "shop"}
    assert Namespace.from_env(environ) == Namespace("Antipode", "shop")


def test_a_function_whose_deployment_has_not_named_the_stack_yet_serves() -> None:
    environ = {"POWERTOOLS_METRICS_NAMESPACE": "Antipode"}
    assert Namespace.from_env(environ) == Namespace("Antipode", UNKNOWN)
