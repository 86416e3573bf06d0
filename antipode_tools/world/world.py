"""The local world: several Regions on this machine, made from the project as AWS would make them.

One process owns everything: the engine and the SAM CLI as its children, and in its own event loop
what is served. It is made in this order: ports, engine and build side by side, stacks, servers.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Self

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.world_file import Control, Keys, Pids, SharedName, WorldFile
from antipode_tools.world.background import Background
from antipode_tools.world.deployment.deploy import Deployed, Deployment
from antipode_tools.world.deployment.fingerprint import Project
from antipode_tools.world.deployment.update import (
    Update,
    check_reachable,
    difference,
    reread_config,
    with_remedy,
)
from antipode_tools.world.engine.engine import Engine
from antipode_tools.world.engine.ready_engine import ReadyEngine
from antipode_tools.world.engine.sam import Sam
from antipode_tools.world.errors import WorldError
from antipode_tools.world.in_force import InForce
from antipode_tools.world.listeners import Listeners, authority
from antipode_tools.world.order_api import OrderApi
from antipode_tools.world.progress import Report, silent, step
from antipode_tools.world.serving.front import serve_front
from antipode_tools.world.serving.gateways import share
from antipode_tools.world.serving.serving import Serving
from antipode_tools.world.serving.signers import Signers, administrator
from localaws.dynamodb.expiry import ExpiringTable, expire
from localaws.iam.principals import Principal


class World:
    """Regions that run as long as the block that started them.

    async with World.started(config) as world:
        world.told.regions["eu-west-1"].graphql_url
    """

    def __init__(
        self,
        *,
        config: WorldConfig,
        project: Project,
        room: ReadyEngine,
        listeners: Listeners,
        made: Deployed,
        serving: Serving,
        shared_name: SharedName | None,
        in_force: InForce,
        background: Background,
        administrator: Principal,
        watchers: list[Callable[[], None]],
    ) -> None:
        self.config = config
        self._project = project
        self._room = room
        self._listeners = listeners
        self._made = made
        self._serving = serving
        self._shared_name = shared_name
        self.in_force = in_force
        "What lies between the Regions, and what is wrong with them; to be changed at any time."
        self._control_key = secrets.token_urlsafe()
        self._background = background
        self._administrator = administrator
        self._watchers = watchers
        # Whether the stacks are what the project was when it was last read, all of them.
        self._up_to_date = True

    @classmethod
    @asynccontextmanager
    async def started(
        cls, config: WorldConfig, *, report: Report = silent, signers: Sequence[Principal] = ()
    ) -> AsyncIterator[Self]:
        """A world for the length of a block.

        Args:
            signers: may sign requests besides the administrator and the relay, as far as the
                policies of their users and roles in the engine's IAM allow.

        Raises:
            WorldError: it could not be made; nothing of it is left.
        """
        async with AsyncExitStack() as exits:
            yield await cls._start(config, report, signers, exits)

    @classmethod
    async def _start(
        cls,
        config: WorldConfig,
        report: Report,
        others: Sequence[Principal],
        exits: AsyncExitStack,
    ) -> Self:
        background, watchers = Background(exits), list[Callable[[], None]]()
        signers = Signers(administrator(), others)
        _make_folders(config, exits)
        listeners = Listeners.bind(config, exits)
        project = await asyncio.to_thread(Project.read, config)
        room = await _engine_and_build(config, listeners, report, signers.administrator, exits)
        background.run(_end_of(room.engine), "the engine")
        in_force = InForce({region.name: region.code for region in config.regions})
        face = await serve_front(
            room.engine.url, listeners.engine, in_force, background=background, exits=exits
        )
        made = await _deployment(config, room, listeners, report).deploy()
        with step(report, "appsync", "serving each Region's API"):
            serving = await Serving.start(
                room.aws,
                [(region, made.stacks[region.code]) for region in config.regions],
                listeners=listeners,
                signers=signers,
                in_force=in_force,
                changed=partial(_tell, watchers),
                background=background,
                exits=exits,
            )
            serving.tables.follow(made.replicated)
            face.follow(serving.tables, serving.written)
            if config.tls:
                await serving.over_tls(config, listeners, background)
        shared_name = None
        if made.routing:
            with step(report, "gateway", "one name for every Region"):
                shared_name = await share(room.aws, made.routing, listeners, in_force, background)
        world = cls(
            config=config,
            project=project,
            room=room,
            listeners=listeners,
            made=made,
            serving=serving,
            shared_name=shared_name,
            in_force=in_force,
            background=background,
            administrator=signers.administrator,
            watchers=watchers,
        )
        world._expire()
        await world._take_orders()
        return world

    @property
    def told(self) -> WorldFile:
        """What the world's file says of this world."""
        user = self._administrator
        return WorldFile(
            engine_url=f"http://{authority(self._listeners.engine)}",
            regions={code: live.told for code, live in self._serving.regions.items()},
            iam=Keys(user.access_key_id, user.secret_access_key),
            pids=Pids(os.getpid(), self._room.engine.pid),
            logs=self.config.logs,
            project=self._project.digest if self._up_to_date else None,
            shared_name=self._shared_name,
            certificate_authority=self.config.certificates / "ca.pem" if self.config.tls else None,
            control=Control(f"http://{authority(self._listeners.control)}", self._control_key),
            conditions=self.in_force.conditions,
        )

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` whenever `told` has changed."""
        self._watchers.append(watcher)

    async def update(self, report: Report) -> Update | None:
        """Bring the stacks up to date with the project; items stay. None if they already are.

        Raises:
            WorldError: a Region is lost, or it failed; whatever was deployed is served.
        """
        config = reread_config(self.config)
        project = await asyncio.to_thread(Project.read, config)
        changed = project.changed_since(self._project)
        if self._up_to_date and not changed:
            return None
        check_reachable(self.in_force.lost)
        before = self._made
        with with_remedy():
            await self._redeploy(config, report)
        self._project, self._up_to_date = project, True
        _tell(self._watchers)
        return difference(changed, before, self._made)

    async def _redeploy(self, config: WorldConfig, report: Report) -> None:
        await _build(config, report)
        deployment = _deployment(config, self._room, self._listeners, report)
        await deployment.check(self._made)
        self.config, self._up_to_date = config, False
        _tell(self._watchers)
        self._made = await deployment.update(self._made)
        self._serving.tables.follow(self._made.replicated)
        with step(report, "appsync", "serving each Region's API"):
            for code in self._serving.regions:
                await self._serving.renew(code)

    async def broken(self) -> WorldError:
        """Wait until something ends that must not; returns the error."""
        ended = await self._background.ended()
        return WorldError("the world has ended", f"{ended} stopped", log=self.config.logs)

    def _expire(self) -> None:
        """Delete what expires, which the engine does not do."""
        for region in self.config.regions:
            client = self._room.aws.session.client("dynamodb", **self._room.aws.at(region.code))
            written = partial(self._serving.written, region.code)
            deleting = expire(client, partial(self._expiring, region.code), written)
            self._background.run(deleting, "the deletion of expired items")

    def _expiring(self, code: str) -> Sequence[ExpiringTable]:
        return [] if self.in_force.is_dark(code) else self._made.expiring[code]

    async def _take_orders(self) -> None:
        """Let other processes change what is in force."""
        api = OrderApi(
            self._control_key,
            self.in_force.carry_out,
            lambda: self.in_force.conditions,
            self._serving.waiting_since,
            self._serving.counted,
        )
        self.in_force.watch(partial(_tell, self._watchers))
        await self._background.serve(api, self._listeners.control, "the control of the world")


def _make_folders(config: WorldConfig, exits: AsyncExitStack) -> None:
    shutil.rmtree(config.run, ignore_errors=True)
    (config.run / "tmp").mkdir(parents=True)
    config.logs.mkdir(parents=True, exist_ok=True)
    for log in config.logs.glob("*.log"):
        if log != config.daemon_log:
            log.unlink()
    exits.callback(shutil.rmtree, config.run, ignore_errors=True)


async def _engine_and_build(
    config: WorldConfig,
    listeners: Listeners,
    report: Report,
    administrator: Principal,
    exits: AsyncExitStack,
) -> ReadyEngine:
    """Start the engine while the project is built: they take about as long."""
    try:
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(
                ReadyEngine.start(
                    config,
                    front=f"http://{authority(listeners.engine)}",
                    administrator=administrator,
                    report=report,
                    exits=exits,
                )
            )
            group.create_task(_build(config, report))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return starting.result()


async def _build(config: WorldConfig, report: Report) -> None:
    with step(report, "build", "the functions and their layer"):
        await Sam(config).build(log=config.logs / "build.log")


def _deployment(
    config: WorldConfig, room: ReadyEngine, listeners: Listeners, report: Report
) -> Deployment:
    return Deployment(
        config=config,
        aws=room.aws,
        api={code: address.attributes for code, address in listeners.addresses.items()},
        report=report,
        gateways=listeners.endpoints,
    )


async def _end_of(engine: Engine) -> None:
    await engine.ended()


def _tell(watchers: Sequence[Callable[[], None]]) -> None:
    for watcher in watchers:
        watcher()
