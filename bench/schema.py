"""What the schema compiler takes for 100 models, beside the bound and beside ten.

`python -m bench.schema [--json]`. The models have the order example's fields, nested types
included, and the key `id` without indexes, since a hundred orders' keys do not fit the API's
environment. The bound is graphql-core reading the schema that is made, which is how its validity is
known. CPU, the best of several runs that take turns.
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
import time
from collections.abc import Callable, Iterable

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import Compiled, compile_models
from bench.figures import Figure, as_json, as_table
from bench.starting import ROOT

MODELS = 100
RUNS = 5

# For 100 models, on a machine that does nothing else.
_AIM_S = 2.0

_ORDER = ROOT / "examples" / "order" / "models.graphql"
_KEYED = re.compile(r"\s+@(key|index)\(.*?\)")


def models(number: int) -> str:
    """A models' file with so many orders."""
    before, head, after = _ORDER.read_text().partition("# What a customer ordered.\n")
    model, end, nested = after.partition("}\n")
    order = _KEYED.sub("", head + model + end).replace("{\n", "{\n  id: ID!\n")
    orders = (order.replace("type Order\n", f"type Order{each}\n") for each in range(number))
    return "\n".join([before, *orders, nested])


def compiled(source: str) -> Compiled:
    """What follows from them: orders have owners, so it is for no API keys."""
    return compile_models(source, mode=AuthMode.AWS_LAMBDA)


def figures(runs: int = RUNS) -> Iterable[Figure]:
    """The time of 100 models, and what it is a multiple of."""
    many, few = models(MODELS), models(MODELS // 10)
    schema = compiled(many).schema
    all_, tenth, bound = _cpu(
        runs,
        lambda: compiled(many),
        lambda: compiled(few),
        lambda: built(schema),
    )
    yield Figure(f"{MODELS} models compiled", all_, "s CPU", _AIM_S)
    yield Figure("graphql-core reading their schema", bound, "s CPU")
    yield Figure("compiled, in times of reading", all_ / bound, "times")
    yield Figure(f"{MODELS} models, in times of {MODELS // 10}", all_ / tenth, "times")


def _cpu(runs: int, *tasks: Callable[[], object]) -> list[float]:
    """The least CPU that each took, in seconds."""
    taken = [[_seconds(task) for task in tasks] for _ in range(runs)]
    return [min(column) for column in zip(*taken, strict=True)]


def _seconds(task: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    task()
    return time.process_time() - began


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.schema")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    measured = list(figures())
    sys.stdout.write((as_json if chosen.json else as_table)(measured) + "\n")


if __name__ == "__main__":
    main()
