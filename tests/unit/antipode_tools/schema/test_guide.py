"""What docs/models.md shows is what the compiler takes."""

from __future__ import annotations

import re

import pytest
from graphql import build_schema, parse, validate

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.refused_directives import REFUSED
from antipode_tools.schema.vocabulary import DIRECTIVES

GUIDE = (project_root() / "docs" / "models.md").read_text()
BLOCKS = re.findall(r"```graphql\n(.*?)```", GUIDE, re.DOTALL)
MODELS = [block for block in BLOCKS if "@model" in block]
QUERIES = [block for block in BLOCKS if block.startswith(("query", "mutation", "subscription"))]
APPSYNC = (project_root() / "graphql" / "appsync.graphql").read_text()


def compiled(text: str) -> Compiled:
    return compile_models(text, modes=[AuthMode.AWS_LAMBDA])


@pytest.mark.parametrize("text", MODELS)
def test_each_models_file_of_the_guide_compiles_without_a_warning(text: str) -> None:
    warnings = [each for each in compiled(text).warnings if "without @auth" not in each.message]
    assert warnings == []


@pytest.mark.parametrize("query", QUERIES)
def test_each_operation_of_the_guide_can_be_asked_of_one_of_its_models(query: str) -> None:
    schemas = [build_schema(f"{APPSYNC}\n{compiled(text).schema}") for text in MODELS]
    assert [] in [validate(schema, parse(query)) for schema in schemas]


def test_the_operations_that_the_guide_lists_are_those_of_its_first_models() -> None:
    section = GUIDE.partition("## What is generated")[2].partition("## Relations")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    called = {name for row in rows for name in re.findall(r"`(\w+)(?:\(|`)", row.split("|")[1])}
    schema = build_schema(f"{APPSYNC}\n{compiled(MODELS[0]).schema}")
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    there = {name for root in roots if root for name in root.fields}
    assert called
    assert called <= there


def test_every_directive_stands_in_the_guide() -> None:
    named = set(re.findall(r"@(\w+)", GUIDE))
    assert {*DIRECTIVES, *REFUSED} - named == set()
