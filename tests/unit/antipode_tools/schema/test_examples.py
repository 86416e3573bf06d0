"""The examples' generated files, as they were reviewed; and the project's own schema."""

from __future__ import annotations

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from localaws.appsync import ports
from localaws.appsync.schema import build_schema
from tests.unit.antipode_tools.schema.golden import EXAMPLES, compiled, folder, generated


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_generated_is_what_was_reviewed(example: str) -> None:
    wanted = generated(example)
    assert {name: (folder(example) / name).read_text() for name in wanted} == wanted, (
        "review the diff after python -m tests.unit.antipode_tools.schema.golden"
    )


def test_every_example_of_models_is_tested() -> None:
    found = sorted(each.parent.name for each in project_root().glob("examples/*/models.graphql"))
    assert found == list(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_local_appsync_takes_each_schema(example: str) -> None:
    schema = build_schema(
        generated(example)["schema.graphql"], ports.AuthMode(EXAMPLES[example]), only_mode=False
    )
    assert schema.heard_mutations


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_no_warnings(example: str) -> None:
    warnings = [each for each in compiled(example).warnings if "without @auth" not in each.message]
    assert (warnings, compiled(example).unserved) == ([], ())


def test_the_examples_fit_one_project() -> None:
    sources = [(folder(example) / "models.graphql").read_text() for example in EXAMPLES]
    together = compile_models("\n".join(sources), modes=[AuthMode.AWS_LAMBDA])
    assert [model.name for model in together.models] == [
        "Board",
        "Card",
        "Presence",
        "Order",
        "Todo",
    ]
