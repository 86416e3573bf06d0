"""What the tools say of the template, none of which needs an account or the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from samcli.yamlhelper import (  # type: ignore[import-untyped] # it has no types
    yaml_dump,
    yaml_parse,
)

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.template import with_models
from tests.linting import findings

from . import (
    test_indexes,
    test_operations,
    test_ownership,
    test_table_names,
    test_tables,
)
from .reading import Node, load, written_for

SAM = Path(sys.executable).parent / "sam"

# With the models that have indexes, one of each shape that a model can have, and two of one.
SHAPES = (
    test_indexes.INDEXED
    + """
type Plain @model(onChange: true, sync: true) @auth(rules: [{ allow: owner, ownerField: "by" }]) {
  id: ID!
}
type Line @model @auth(rules: [{ allow: owner }]) {
  customer: ID! @primaryKey(sortKeyFields: ["number"])
  number: Int!
}
type Session @model @key(fields: ["token"]) { token: ID!, until: AWSTimestamp @ttl }
type Trade @model @key(fields: ["customer", "number"]) {
  customer: ID!
  number: Int!
  expiresAt: AWSTimestamp @ttl
}
type Todo @model(table: "Todo-abc123-prod") { id: ID! status: String @index(name: "byStatus") }
type Named @model(table: "notes") { id: ID! }
"""
)


@pytest.fixture(scope="module")
def every_shape(template_text: str, root: Path) -> str:
    """Models of every shape, and operations and functions of the user's own."""
    compiled = compile_models(
        SHAPES + test_operations.SOURCE,
        files=test_operations.FILES,
        modes=[AuthMode.AWS_LAMBDA],
    )
    return with_models(test_operations.with_functions(template_text, root), compiled)


def regions(root: Path) -> list[str]:
    """Those that `cfn-lint` looks at, which finds its settings by itself."""
    return list(yaml.safe_load((root / ".cfnlintrc").read_text())["regions"])


# What is wrong in it, but for the last line, depends on which conditions can hold together.
WRONG = """
Parameters:
  Size: {Type: String, AllowedValues: [small, large], Default: small}
Conditions:
  IsSmall: !Equals [!Ref Size, small]
  IsLarge: !Equals [!Ref Size, large]
Resources:
  Bucket: {Type: AWS::S3::Bucket, Condition: IsSmall}
  Queue:
    Type: AWS::SQS::Queue
    Condition: IsLarge
    Properties:
      QueueName: !If [IsSmall, never, !Sub '${Bucket}-queue']
      FifoQueue: !If [IsLarge, 'perhaps', true]
      DelaySeconds: !If [IsSmall, 1, 100000]
      Delay: 1
"""


def test_a_linter_that_remembers_finds_the_same(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(WRONG)
    found = findings(path, ["eu-west-1"])
    assert found == findings(path, ["eu-west-1"], remembering=False)
    assert [each.rule.id for each in found].count("W1028") == 3  # a branch that is never taken
    assert {each.rule.id for each in found} == {"E3002", "E3012", "E3034", "W1001", "W1028"}


def test_cfn_lint_finds_nothing_in_any_region(root: Path) -> None:
    """Nor does `sam validate --lint`, which asks the same cfn-lint of one Region."""
    assert regions(root) == ["eu-west-1", "ap-southeast-2", "us-east-1"]
    assert findings(root / "template.yaml", regions(root)) == []


def test_cfn_lint_finds_nothing_in_what_is_generated_of_any_shape(
    every_shape: str, root: Path, tmp_path: Path
) -> None:
    """All in one template, since each takes cfn-lint seconds, and each model one more."""
    path = tmp_path / "template.yaml"
    path.write_text(every_shape)
    assert findings(path, regions(root)) == []


@pytest.mark.parametrize(
    "source",
    [
        test_tables.SOURCE,
        test_indexes.SOURCE,
        test_ownership.SOURCE,
        test_table_names.MIXED,
    ],
    ids=["tables", "indexes", "owners", "names of tables"],
)
def test_every_loop_that_models_of_the_tests_have_is_linted(
    template_text: str, every_shape: str, source: str
) -> None:
    linted = bodies(load(every_shape))
    its = bodies(load(written_for(template_text, source, AuthMode.AWS_LAMBDA)))
    assert [body for body in its if body not in linted] == []


def bodies(template: Node) -> list[Node]:
    """What each loop makes, of whichever names."""
    sections = (template["Resources"], template["Outputs"])
    return [
        loop[2]
        for section in sections
        for key, loop in section.items()
        if key.startswith("Fn::ForEach::")
    ]


@pytest.mark.parametrize("path", ["template.yaml", "edge/template.yaml"])
def test_what_the_sam_cli_uploads_has_no_alias_which_cloudformation_refuses(
    root: Path, path: str
) -> None:
    text = (root / path).read_text()
    written = yaml_dump(yaml_parse(text))
    assert (aliases(text) > 0, aliases(written)) == (True, 0)
    assert load(written) == load(text)


def aliases(text: str) -> int:
    return sum(isinstance(token, yaml.AliasToken) for token in yaml.scan(text))


def test_sam_finds_the_template_valid(root: Path, tmp_path: Path) -> None:
    finished = subprocess.run(
        [SAM, "validate", "--config-env", "ireland"],
        cwd=root,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "is a valid SAM Template" in finished.stdout
