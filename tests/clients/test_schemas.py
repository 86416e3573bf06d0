"""What models of many kinds become, read by graphql-js: schemas, and statements against them."""

from __future__ import annotations

from pathlib import Path

from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from tests.clients.tools import Node
from tests.unit.antipode_tools.schema.cases import CASES, case

APPSYNC = project_root() / "graphql" / "appsync.graphql"


def test_every_case_is_valid_for_graphql_js(node: Node, tmp_path: Path) -> None:
    for name in CASES:
        compiled = compile_models(case(name))
        (tmp_path / f"{name}.schema.graphql").write_text(compiled.schema)
        (tmp_path / f"{name}.operations.graphql").write_text(compiled.operations)
    env = {"GENERATED": str(tmp_path), "APPSYNC": str(APPSYNC)}
    assert node.run("node", "tests/clients/valid.mjs", env=env) == ""

    (tmp_path / f"{CASES[0]}.operations.graphql").write_text("query { nothing }")
    assert 'Cannot query field "nothing"' in node.run("node", "tests/clients/valid.mjs", env=env)
