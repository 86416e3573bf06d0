"""The SAM CLI of the project's own environment: it builds, uploads, and makes change sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it said."""

    status: int
    out: str
    err: str


Run = Callable[[Sequence[str]], Ended]


@dataclass(frozen=True)
class SamCli:
    """Sam, with the parameters of samconfig.toml.

    Args:
        samconfig: the file that has the environments.
        any_region: one of them; what is built is the same for all.
        role: the ARN of the role that CloudFormation acts in; empty for the caller's credentials.
        run: runs a command in the project's folder.
    """

    samconfig: Path
    any_region: Region
    run: Run = field(repr=False)
    role: str = ""

    def build(self) -> None:
        """Runs `sam build`."""
        ended = self.run(self._command("build", self.any_region))
        if ended.status != 0:
            raise OperationError(f"sam build failed: {_why(ended)}")

    def draft(self, region: Region, overrides: Mapping[str, str]) -> str | None:
        """Runs `sam deploy --no-execute-changeset`."""
        with TemporaryDirectory() as folder:
            # On the command line, parameters take the place of all that samconfig.toml names. A
            # file, since there the SAM CLI takes every value as it is; JSON is YAML.
            named = Path(folder) / "parameters.yaml"
            named.write_text(json.dumps({**region.parameters, **overrides}), encoding="utf-8")
            ended = self.run(
                [
                    *self._command("deploy", region),
                    "--no-execute-changeset",
                    "--no-confirm-changeset",
                    "--no-fail-on-empty-changeset",
                    *("--output", "json"),
                    *(("--role-arn", self.role) if self.role else ()),
                    *("--parameter-overrides", f"file://{named}"),
                ]
            )
        match _result(ended.out):
            case {"status": "changeset_created", "changeset_id": str(made)} if ended.status == 0:
                return made
            case {"status": "no_changes"} if ended.status == 0:
                return None
        raise OperationError(
            f"sam deploy --config-env {region.name} cannot make a change set: {_why(ended)}"
        )

    def _command(self, verb: str, region: Region) -> list[str]:
        return ["sam", verb, "--config-file", str(self.samconfig), "--config-env", region.name]


def runner(root: Path, environment: Mapping[str, str]) -> Run:
    """Runs commands of the project's environment in its folder."""

    def run(command: Sequence[str]) -> Ended:
        here = Path(sys.executable).parent
        # Makefiles of the build find the project's own python3 and uv before any other.
        path = f"{here}{os.pathsep}{environment.get('PATH', os.defpath)}"
        ended = subprocess.run(
            [str(here / command[0]), *command[1:]],
            cwd=root,
            env={**environment, "PATH": path, "SAM_CLI_TELEMETRY": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


def _result(out: str) -> Mapping[str, object]:
    """The line of JSON that says what came of it."""
    for line in reversed(out.splitlines()):
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and told.get("type") == "result":
            return told
    return {}


def _why(ended: Ended) -> str:
    """What the SAM CLI says went wrong."""
    if message := _result(ended.out).get("message"):
        return str(message)
    lines = [line.strip() for line in (ended.err or ended.out).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("Error: ", "Build Failed"))]
    return (told or lines or [f"it ended with {ended.status} and said nothing"])[-1]
