from __future__ import annotations

from bench.schema import MODELS, compiled, figures, models


def test_what_is_compiled_are_as_many_orders_as_a_stack_carries_each_with_relations() -> None:
    made = compiled(models(MODELS))
    assert [model.name for model in made.models] == [f"Order{number}" for number in range(MODELS)]
    # Two of the order's own, and one of the relation from the model before.
    assert {len(model.indexes) for model in made.models} == {3}
    assert {len(model.relations) for model in made.models} == {3}
    assert made.warnings == ()


def test_the_figures_are_ratios_of_one_run() -> None:
    compiling, _, bound, times = figures(runs=1, files=1)
    assert (compiling.case, compiling.aim) == ("20 models compiled", 3.0)
    assert times.value == compiling.value / bound.value
