"""The commands of docs/unproven.md that evaluate the default model's resolvers on AWS."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from antipode_tools.project.config import project_root
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import HandlerName

# In the place of the AWS CLI: a line for each call.
AWS = """#!/usr/bin/env bash
shift 2
while [ $# -gt 0 ]; do case $1 in
  --code) code=${2#file://} ;;
  --function) function=$2 ;;
  --context) context=$2 ;;
esac; shift 2; done
printf '%s\\t%s\\t%s\\n' "$code" "$function" "$context"
"""


def test_each_evaluates_here_as_it_should_there(runner: CodeRunner, tmp_path: Path) -> None:
    root = project_root()
    [commands] = (root / "docs" / "unproven.md").read_text().split("```bash\n")[1:]
    (tmp_path / "aws").write_text(AWS)
    (tmp_path / "aws").chmod(0o755)

    calls = [
        line.split("\t")
        for line in subprocess.run(
            ["bash", "-c", commands.partition("```")[0]],
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    ]

    resolvers = sorted(each.name for each in (root / "graphql" / "resolvers").glob("*.js"))
    resolvers.remove("shared.js")
    assert sorted((Path(code).name, function) for code, function, _ in calls) == [
        (name, function) for name in resolvers for function in ("request", "response")
    ]
    for code, function, context in calls:
        evaluation = runner.run(
            (root / code).read_text(), HandlerName(function), {"stash": {}, **json.loads(context)}
        )
        assert evaluation.error is None, (code, function)
