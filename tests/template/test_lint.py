"""What the tools say of the template, none of which needs an account or the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cfnlint.api import (  # type: ignore[import-untyped] # it has no types
    ManualArgs,
    lint_file,
)
from samcli.yamlhelper import (  # type: ignore[import-untyped] # it has no types
    yaml_dump,
    yaml_parse,
)

from antipode_tools.project.auth_mode import AuthMode
from tests.linting import findings

from . import test_indexes, test_ownership, test_table_names, test_tables
from .reading import load, written_for

SAM = Path(sys.executable).parent / "sam"


def test_cfn_lint_finds_nothing_in_any_region(root: Path) -> None:
    regions = yaml.safe_load((root / ".cfnlintrc").read_text())["regions"]
    assert regions == ["eu-west-1", "ap-southeast-2", "us-east-1"]
    assert findings(root / "template.yaml", regions) == []


def test_cfn_lint_finds_nothing_in_models_of_any_shape_with_indexes_owners_and_names_of_tables(
    template_text: str, tmp_path: Path
) -> None:
    """All in one template, since linting one takes seconds."""
    sources = {
        "Shape": test_tables.SOURCE,
        "Index": test_indexes.SOURCE,
        "Owner": test_ownership.SOURCE,
        "Named": test_table_names.MIXED,
    }
    models = "\n".join(
        re.sub(r"type (\w+)", rf"type \1{kind}", source) for kind, source in sources.items()
    )
    changed = tmp_path / "template.yaml"
    changed.write_text(written_for(template_text, models, AuthMode.AWS_LAMBDA))
    assert findings(changed, ["eu-west-1", "us-east-1"]) == []


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
    assert found == lint_file(path, ManualArgs(regions=["eu-west-1"]))
    assert [each.rule.id for each in found].count("W1028") == 3  # a branch that is never taken
    assert {each.rule.id for each in found} == {"E3002", "E3012", "E3034", "W1001", "W1028"}


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


@pytest.mark.parametrize("options", [[], ["--lint"]])
def test_sam_finds_the_template_valid(root: Path, tmp_path: Path, options: list[str]) -> None:
    finished = subprocess.run(
        [SAM, "validate", "--config-env", "ireland", *options],
        cwd=root,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "is a valid SAM Template" in finished.stdout
