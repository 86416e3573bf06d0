"""What the schema compiler takes for 100 models, beside the bound and beside a quarter of them.

`python -m bench.schema [--json]`. The models have the order example's fields, nested types and
indexes included, and three relations each. They stand in five files of 20, as five stacks carry
them. The bound is graphql-core reading the schemas that are made, which is how their validity is
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

FILES = 5
MODELS = 20
RUNS = 5

# For 100 models, on a machine that does nothing else.
_AIM_S = 3.0

_ORDER = ROOT / "examples" / "order" / "models.graphql"
_QUERIED = re.compile(r"queryField: \"orders")
# To the model after it, to that before it, and to itself.
_RELATED = """
  later: [Order{after}] @hasMany
  before: Order{before} @belongsTo(fields: ["customer", "orderNumber"])
  corrected: Order{number} @hasOne
}}
"""


def models(number: int) -> str:
    """A models' file with so many orders, related in a ring."""
    before, head, after = _ORDER.read_text().partition("# What a customer ordered.\n")
    model, _, nested = after.partition("}\n")
    return "\n".join(
        [before, *(_order(head + model, each, number) for each in range(number)), nested]
    )


def _order(text: str, number: int, of: int) -> str:
    named = _QUERIED.sub(
        f'queryField: "orders{number}', text.replace("type Order ", f"type Order{number} ")
    )
    its = {"number": number, "after": (number + 1) % of, "before": (number - 1) % of}
    return named + _RELATED.format(**its)


def compiled(source: str) -> Compiled:
    """What follows from them: orders have owners, so it is for no API keys."""
    return compile_models(source, modes=[AuthMode.AWS_LAMBDA])


def figures(runs: int = RUNS, files: int = FILES) -> Iterable[Figure]:
    """The time of so many files of 20 models, and what it is a multiple of."""
    source = models(MODELS)
    schema = compiled(source).schema
    all_, one, bound = _cpu(
        runs,
        lambda: [compiled(source) for _ in range(files)],
        lambda: compiled(source),
        lambda: [built(schema) for _ in range(files)],
    )
    yield Figure(f"{files * MODELS} models compiled", all_, "s CPU", _AIM_S)
    yield Figure(f"of them one stack's {MODELS}", one, "s CPU")
    yield Figure("graphql-core reading their schemas", bound, "s CPU")
    yield Figure("compiled, in times of reading", all_ / bound, "times")


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
