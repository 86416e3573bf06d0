"""The real SAM CLI, run as a user runs it: it builds the project and deploys it to each Region."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.lock import locked
from antipode_tools.project.regions import Region
from antipode_tools.world.engine.environment import isolated
from antipode_tools.world.engine.process import run
from antipode_tools.world.errors import WorldError

# SAM asks CloudFormation every five seconds by default; the engine is done in two.
_POLL_DELAY_S = "0.3"

_SAYS_WHY = ("Error: ", "Build Failed")


@dataclass(frozen=True)
class Sam:
    """The SAM CLI of the project's own environment."""

    config: WorldConfig

    async def build(self, *, log: Path) -> None:
        """Build the functions and their layer; `config.built` is then there.

        Worlds share the build cache, and wait for each other to use it.

        Raises:
            WorldError: the build failed; the log has SAM's output.
        """
        command = [
            *self._command("build", self.config.regions[0]),
            *("--template-file", str(self.config.root / "template.yaml")),
            *("--build-dir", str(self.config.built.parent)),
            *("--cached", "--cache-dir", str(self.config.shared / "build-cache")),
        ]
        async with locked(self.config.shared / "build-cache.lock"):
            status = await self._run(command, self.config.regions[0], None, log)
        if status != 0:
            raise WorldError("sam build failed", said(log), "fix what the log shows", log)

    async def deploy(
        self,
        region: Region,
        *,
        template: Path,
        parameters: Mapping[str, str],
        bucket: str,
        endpoint: str,
        log: Path,
    ) -> None:
        """Deploy a template as the Region's stack.

        Args:
            bucket: takes the artefacts; it must exist.

        Raises:
            WorldError: the deployment failed; the log has SAM's output.
        """
        command = [
            *self._command("deploy", region),
            *("--template-file", str(template)),
            *(
                "--no-resolve-s3",
                "--s3-bucket",
                bucket,
                "--no-progressbar",
                "--use-json",
                "--no-fail-on-empty-changeset",
            ),
            *("--parameter-overrides", *(f'{key}="{value}"' for key, value in parameters.items())),
        ]
        status = await self._run(command, region, endpoint, log)
        if status != 0:
            what = f"sam deploy failed in {region.name} ({region.code})"
            raise WorldError(what, said(log), "fix what the log shows", log)

    def _command(self, verb: str, region: Region) -> list[str]:
        sam = str(Path(sys.executable).with_name("sam"))
        file = str(self.config.samconfig)
        return [sam, verb, "--config-file", file, "--config-env", region.name]

    async def _run(
        self, command: Sequence[str], region: Region, endpoint: str | None, log: Path
    ) -> int:
        log.unlink(missing_ok=True)  # `said` looks in it for what went wrong
        environment = isolated(
            os.environ, run=self.config.run, region=region.code, endpoint=endpoint
        )
        # Makefiles of the build find the project's own python3 and uv before any other.
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
        return await run(
            command,
            environment=environment | {"PATH": path, "SAM_CLI_POLL_DELAY": _POLL_DELAY_S},
            cwd=self.config.root,
            log=log,
        )


def said(log: Path) -> str:
    """The line in which the SAM CLI says what went wrong, or its last line."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(_SAYS_WHY)]
    return (told or lines or ["it printed nothing"])[-1]
