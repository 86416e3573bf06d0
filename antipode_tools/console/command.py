"""`antipode console`: the console of deployed stacks, and where a local world has its own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from antipode_tools.console.deeds import of_apis
from antipode_tools.console.health import of_stacks
from antipode_tools.console.places import Place, Places
from antipode_tools.console.serving import served
from antipode_tools.operate.options import Options
from antipode_tools.operate.probe.endpoint import Endpoint, endpoint
from antipode_tools.operate.stacks.choosing import several
from antipode_tools.operate.stacks.errors import (
    ExitCode,
    NotRunningError,
    OperationError,
    UsageError,
)
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Control
from localaws.sockets import PortInUse, listen


async def _for_ever(_: Control) -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True, kw_only=True)
class Run(Options):
    """How a console is served.

    Args:
        port: 0 for any that is free.
        stage: whose Regions are shown where none is named; empty for production.
        token: what clients sign in with, where none can be made here.
        until: returns when the console, which is served by then, is to end.
    """

    port: int = 0
    stage: str = ""
    token: str | None = None
    find: Callable[[Region], Target] | None = None
    reach: Callable[[Target], Endpoint] | None = None
    until: Callable[[Control], Awaitable[None]] = _for_ever


def console(names: Sequence[str], run: Run) -> ExitCode:
    """Serves the Regions' console until it is interrupted; a local world's is served already.

    Args:
        names: as in samconfig.toml (ireland) or by their codes; none for all.
    """
    try:
        world = load_world(run.root, run.state)
        if run.where is not Where.AWS and (address := _of_world(run, world)):
            run.output.out.write(f"{address}\n")
            return ExitCode.DONE
        asyncio.run(_served(_places(names, run, world), run))
    except OperationError as error:
        return run.output.stopped("console", error)
    except KeyboardInterrupt:
        pass  # it is how one ends it
    return ExitCode.DONE


def _of_world(run: Run, world: WorldConfig) -> str | None:
    """Where the local world's console is; None if AWS is meant, since there is no world."""
    try:
        found = running(world)
    except NotRunningError:
        if run.where is Where.LOCAL:
            raise
        return None
    if found.console is None:
        raise OperationError("the local world has no console: antipode down && antipode up")
    return found.console.address


def _places(names: Sequence[str], run: Run, world: WorldConfig) -> Places:
    """The Regions, whose stacks are all there."""
    regions = several(names, stage=run.stage, where=Where.AWS, world=world)
    look = run.find or (lambda region: find(region.name, where=Where.AWS, world=world))
    reach = run.reach or (lambda target: endpoint(target, world=None, token=run.token))
    for region in regions:
        look(region)
    return Places(
        [Place(region.name, region.code, partial(look, region), reach) for region in regions]
    )


async def _served(places: Places, run: Run) -> None:
    try:
        listener = listen(run.port)
    except PortInUse as error:
        raise UsageError(f"{error}: choose another with --port") from error
    deeds = {**of_apis(places, "on AWS"), **of_stacks(places)}
    with listener:
        async with served(listener, secrets.token_urlsafe(24), places, deeds) as console:
            run.output.out.write(f"console {console.address}\n")
            run.output.err.write("whoever has this address acts with your credentials: Ctrl-C\n")
            run.output.out.flush()
            await run.until(console)
