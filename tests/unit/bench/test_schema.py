from __future__ import annotations

from bench.schema import figures, models
from ops.schema.compiler import compile_models


def test_a_hundred_models_are_orders_with_ids() -> None:
    compiled = compile_models(models(100))
    assert [model.name for model in compiled.models] == [f"Order{number}" for number in range(100)]
    assert {model.key[0].name for model in compiled.models} == {"id"}
    assert compiled.warnings == ()


def test_the_figures_are_ratios_of_one_run() -> None:
    hundred, bound, times, _ = figures(runs=1)
    assert (hundred.case, hundred.aim) == ("100 models compiled", 2.0)
    assert times.value == hundred.value / bound.value
