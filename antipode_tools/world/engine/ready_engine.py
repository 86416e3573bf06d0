"""The engine of a world, running and ready for deployments."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

from antipode_tools.project.config import WorldConfig
from antipode_tools.world.deployment.deploy import prepare
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from antipode_tools.world.progress import Report, step
from antipode_tools.world.serving.signers import enrol
from localaws.iam.principals import Principal


@dataclass(frozen=True)
class ReadyEngine:
    """The engine, and boto3's clients of it."""

    engine: Engine
    aws: Aws

    @classmethod
    async def start(
        cls,
        config: WorldConfig,
        *,
        front: str,
        administrator: Principal,
        report: Report,
        exits: AsyncExitStack,
    ) -> Self:
        """Install the engine where it is not yet, and start it; `exits` stops it.

        Args:
            front: the URL at which its functions call AWS.

        Raises:
            WorldError: it cannot be installed, or does not start.
        """
        installation = EngineInstallation(config.root, config.shared)
        home = config.regions[0].code
        if not installation.current:
            with step(report, "engine", "installing MiniStack"):
                await installation.install(
                    environment=isolated(os.environ, run=config.run, region=home),
                    log=config.logs / "install.log",
                )
        with step(report, "engine", "starting MiniStack"):
            engine = await Engine.start(
                installation,
                port=0,
                run=config.run,
                region=home,
                front=front,
                log=config.logs / "engine.log",
            )
        exits.push_async_callback(engine.stop)
        aws = Aws(engine.url)
        await asyncio.to_thread(prepare, aws, config.regions)
        await asyncio.to_thread(enrol, aws, administrator)
        return cls(engine, aws)
