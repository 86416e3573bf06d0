"""The schema beside what AppSync adds to GraphQL is a schema that any tool can read."""

from __future__ import annotations

from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).parents[2]
ADDED = (ROOT / "graphql" / "appsync.graphql").read_text()
SCHEMAS = [ROOT / "graphql" / "schema.graphql", *sorted(ROOT.glob("examples/*/schema.graphql"))]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_a_schema_is_valid_beside_what_appsync_adds(path: Path) -> None:
    schema = graphql.build_schema(ADDED + path.read_text())
    assert graphql.validate_schema(schema) == []


def test_a_schema_alone_is_not_valid() -> None:
    with pytest.raises(TypeError, match="Unknown type 'AWSDateTime'"):
        graphql.build_schema(SCHEMAS[0].read_text())
