from __future__ import annotations

from bench.schema import compiled, figures, models


def test_a_hundred_models_are_orders_with_ids() -> None:
    made = compiled(models(100))
    assert [model.name for model in made.models] == [f"Order{number}" for number in range(100)]
    assert {model.key[0].name for model in made.models} == {"id"}
    assert made.warnings == ()


def test_the_figures_are_ratios_of_one_run() -> None:
    hundred, bound, times, _ = figures(runs=1)
    assert (hundred.case, hundred.aim) == ("100 models compiled", 2.0)
    assert times.value == hundred.value / bound.value
