"""The local world: several Regions on this machine, made from the project as AWS would make them.

One process owns everything: the engine and the SAM CLI as its children, and in its own event loop
a data plane of AppSync for each Region.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import (
    Auth,
    Keys,
    Pids,
    WorldFile,
    WorldRegion,
)
from antipode_tools.project.world_file import (
    SharedName as ServedName,
)
from antipode_tools.world.deployment.deploy import Deployed, Deployment, prepare
from antipode_tools.world.deployment.project import Project
from antipode_tools.world.deployment.redeployment import follow
from antipode_tools.world.deployment.stack import Stack, read, update_times
from antipode_tools.world.deployment.update import Update, difference, going_on, unmoved
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from antipode_tools.world.engine.environment import isolated
from antipode_tools.world.engine.sam import Sam
from antipode_tools.world.errors import WorldError
from antipode_tools.world.progress import Report, silent, step
from antipode_tools.world.serving import authorization, principals
from antipode_tools.world.serving.authorization import SigningIn
from antipode_tools.world.serving.certificates import Authority, utc
from antipode_tools.world.serving.servers import Address, open_plane, serve_deployed, serving
from antipode_tools.world.together import together
from localaws.apigateway.gateway import Gateway, deployed
from localaws.appsync.identity import Principal
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.plane import DataPlane
from localaws.dynamodb.expiry import ExpiringTable, expire
from localaws.event_source_mapping.aws import AwsRegion
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.route53.records import Routing
from localaws.route53.shared_name import SharedName
from localaws.sockets import HOST, PortInUse, free_port, listen, number
from localaws.tokens.fetching import over_http
from localaws.tokens.issuer import Documents, LocalIssuer

Taken = TypeVar("Taken")


@dataclass(frozen=True)
class LiveRegion:
    """One Region, deployed and served."""

    region: Region
    address: Address
    stack: Stack
    auth: Auth

    @property
    def told(self) -> WorldRegion:
        """What the world's file says of it."""
        return WorldRegion(
            name=self.region.name,
            code=self.region.code,
            stack=self.region.stack,
            graphql_url=self.address.graphql_url,
            realtime_url=self.address.realtime_url,
            api_key=self.stack.signing_in.api_key,
            auth=self.auth,
            api_id=self.stack.api_id,
            tables=self.stack.tables,
            outputs=self.stack.outputs,
            tls=self.address.tls,
        )


class World:
    """Regions that live as long as the block that made them.

        async with World(config) as world:
            world.regions["eu-west-1"].address.graphql_url

    Raises:
        WorldError: it could not be made; nothing of it is left.
    """

    regions: Mapping[str, LiveRegion]
    engine: Engine
    shared_name: ServedName | None = None
    changed: Callable[[], None]
    """Called whenever `told` has become another."""
    _project: Project
    _made: Deployed

    def __init__(
        self,
        config: WorldConfig,
        *,
        report: Report = silent,
        signers: Sequence[Principal] = (),
    ) -> None:
        """`signers` may sign requests besides the administrator and the relay, as far as the
        policies of their users and roles in the engine's IAM allow."""
        self.config = config
        self._signers = signers
        self.administrator: Principal = principals.administrator()
        self._report = report
        self._exits = AsyncExitStack()
        self.changed = lambda: None
        self._lasting: list[asyncio.Task[Any]] = []
        self._planes: dict[str, DataPlane] = {}
        self._issuer: LocalIssuer | None = None
        self._renewing = asyncio.Lock()
        # Whether the stacks are what the project was when it was last read, all of them.
        self._whole = True

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    @property
    def told(self) -> WorldFile:
        """What other processes are told of this world, in its file."""
        user = self.administrator
        return WorldFile(
            engine_url=self.engine.url,
            regions={code: live.told for code, live in self.regions.items()},
            iam=Keys(user.access_key_id, user.secret_access_key),
            pids=Pids(os.getpid(), self.engine.pid),
            logs=self.config.logs,
            project=self._project.digest if self._whole else None,
            shared_name=self.shared_name,
            certificate_authority=self.config.certificates / "ca.pem" if self.config.tls else None,
        )

    async def update(self, report: Report) -> Update | None:
        """Bring the stacks to what the project is now; items stay. None: they are that.

        Raises:
            WorldError: it cannot be done; what of it was done is served.
        """
        config = unmoved(self.config)
        project = await asyncio.to_thread(Project.read, config)
        changed = project.changed_since(self._project)
        if self._whole and not changed:
            return None
        before = self._made
        with going_on():
            await self._redeploy(config, report)
        self._project, self._whole = project, True
        self.changed()
        return difference(changed, before, self._made)

    async def _redeploy(self, config: WorldConfig, report: Report) -> None:
        with step(report, "build", "the functions and their layer"):
            await Sam(config).build(log=config.logs / "build.log")
        deployment = self._deployment(config, report)
        await deployment.check(self._made)
        self.config, self._whole = config, False
        self.changed()
        self._made = await deployment.update(self._made)
        with step(report, "appsync", "serving each Region's API"):
            for code in self.regions:
                await self._renew(code)

    async def broken(self) -> WorldError:
        """Wait until something has ended that must not; returns what."""
        done, _ = await asyncio.wait(self._lasting, return_when=asyncio.FIRST_COMPLETED)
        ended = ", ".join(sorted(task.get_name() for task in done))
        return WorldError("the world has ended", f"{ended} stopped", log=self.config.logs)

    async def _start(self) -> None:
        self._make_folders()
        listeners = {region.code: self._listen(region) for region in self.config.regions}
        secure = {
            region.code: self._bind(self.config.tls_port(region))
            for region in (self.config.regions if self.config.tls else ())
        }
        addresses = {
            code: Address(number(listener), number(secure[code]) if code in secure else None)
            for code, listener in listeners.items()
        }
        gateways = {
            region.code: self._bind(self.config.gateway_port(region))
            for region in self.config.regions
            if region.domain
        }
        self._project = await asyncio.to_thread(Project.read, self.config)
        await together(self._start_engine(), self._build())
        self._evaluator = JavaScriptEvaluator()
        self._exits.push_async_callback(asyncio.to_thread, self._evaluator.close)
        self._addresses = addresses
        self._gateways = {code: endpoint(listener) for code, listener in gateways.items()}
        self._made = await self._deployment(self.config, self._report).deploy()
        await self._issue([stack.signing_in for stack in self._made.stacks.values()])
        self.regions = {
            region.code: self._live(region, self._made.stacks[region.code])
            for region in self.config.regions
        }
        with step(self._report, "appsync", "serving each Region's API"):
            self._mappings = await self._relay()
            for code, live in self.regions.items():
                await self._serve(live, listeners[code])
            if secure:
                await self._serve_tls(secure)
        if self._made.routing:
            with step(self._report, "gateway", "one name for every Region"):
                await self._share(self._made.routing, gateways)
        for code in self.regions:
            client = self._aws.session.client("dynamodb", **self._aws.at(code))
            self._last(
                expire(client, partial(self._expiring, code)), "the deletion of expired items"
            )

    def _deployment(self, config: WorldConfig, report: Report) -> Deployment:
        return Deployment(
            config=config,
            aws=self._aws,
            api={code: address.attributes for code, address in self._addresses.items()},
            report=report,
            gateways=self._gateways,
        )

    def _expiring(self, code: str) -> Sequence[ExpiringTable]:
        return self._made.expiring[code]

    def _live(self, region: Region, stack: Stack) -> LiveRegion:
        auth = authorization.auth(stack.signing_in, self._issuer, self.administrator)
        return LiveRegion(region, self._addresses[region.code], stack, auth)

    async def _renew(self, code: str) -> None:
        """Serve a Region as its stack is now, however it came to be so.

        Raises:
            WorldError: it cannot be; what was served is served still.
        """
        async with self._renewing:
            region = self.regions[code].region
            try:
                stack = await asyncio.to_thread(read, self._aws, region)
            except (BotoCoreError, ClientError, LookupError) as error:
                raise WorldError(f"{region.name}'s stack cannot be read", repr(error)) from error
            others = [live.stack for other, live in self.regions.items() if other != code]
            await self._issue([each.signing_in for each in (*others, stack)])
            await serve_deployed(self._planes[code], self._aws, code, stack)
            self.regions = {**self.regions, code: self._live(region, stack)}
            await self._mappings.refresh()
            self.changed()

    async def _share(
        self, routing: Mapping[str, Routing], listeners: Mapping[str, socket.socket]
    ) -> None:
        """Serve each Region's HTTP API, and the name that they share in front of them."""
        gateways = {
            code: Gateway(
                frozenset({each.domain, authority(listeners[code])}),
                await asyncio.to_thread(
                    deployed,
                    self._aws.session.client("apigatewayv2", **self._aws.at(code)),
                    self._aws.session.client("lambda", **self._aws.at(code)),
                ),
            )
            for code, each in routing.items()
        }
        for code, gateway in gateways.items():
            await self._listening(gateway, listeners[code], f"the gateway of {code}")
        listener = self._bind(self.config.shared_port)
        name = SharedName.of(routing, gateways)
        await self._listening(name, listener, "the shared name")
        self._last(name.watch(), "the health checks")
        self.shared_name = ServedName(name.domain, f"http://{authority(listener)}")

    # Any: an ASGI application.
    async def _listening(
        self,
        application: Any,
        listener: socket.socket,
        name: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        server = await self._exits.enter_async_context(serving(application, listener, tls=tls))
        server.set_name(name)
        self._lasting.append(server)

    async def _issue(self, signing_in: Sequence[SigningIn]) -> None:
        """Stand in for those who issue clients' tokens, if the mode has any."""
        names = authorization.issuers(signing_in)
        if self._issuer:
            self._issuer = replace(self._issuer, issuers=names)
        elif names:
            listener = self._bind(0)
            url = f"http://{authority(listener)}"
            issuer = await asyncio.to_thread(LocalIssuer.of, names, url)
            documents = Documents(lambda: self._issuer.documents if self._issuer else {})
            await self._listening(documents, listener, "the issuer of tokens")
            self._issuer = issuer

    async def _fetch(self, url: str) -> bytes:
        return await over_http(self._issuer.stand_ins if self._issuer else {})(url)

    async def _relay(self) -> EventSourceMappings:
        """Feed the streams to the functions, as the stacks' event source mappings say."""
        services = {
            code: AwsRegion.connect(self._aws.session, code, self.engine.url)
            for code in self.regions
        }
        for each in services.values():
            self._exits.callback(each.close)
        mappings = EventSourceMappings(services)
        await mappings.refresh()
        self._last(mappings.run(), "the event source mappings")
        return mappings

    def _last(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Have something run as long as the world does."""
        running = asyncio.create_task(work, name=name)
        self._exits.push_async_callback(_cancelled, running)
        self._lasting.append(running)

    async def _serve(self, live: LiveRegion, listener: socket.socket) -> None:
        stack, code = live.stack, live.region.code
        relay = principals.function(stack.relay_role, stack.relay)
        signers = [*self._signers, self.administrator, relay]
        plane = await open_plane(
            self._aws,
            code,
            stack,
            address=live.address,
            principals={signer.access_key_id: signer for signer in signers},
            evaluator=self._evaluator,
            fetch=self._fetch,
            written=self._wake,
        )
        self._planes[code] = plane
        await self._listening(plane, listener, f"the server of {live.region.name}")
        self._exits.push_async_callback(plane.close)
        updated = partial(asyncio.to_thread, update_times(self._aws, live.region))
        self._last(
            follow(updated, partial(self._renew, code)),
            f"the watch over {live.region.name}'s stack",
        )

    async def _serve_tls(self, listeners: Mapping[str, socket.socket]) -> None:
        """Serve each Region's API a second time, to clients that insist on TLS."""
        authority = Authority.kept(self.config.certificates, utc)
        context = authority.server(self.config.run, utc)
        for code, listener in listeners.items():
            name = f"the TLS server of {self.regions[code].region.name}"
            await self._listening(self._planes[code], listener, name, context)

    def _wake(self) -> None:
        """A write in one Region is in the streams of all at once."""
        for region in self.regions:
            self._mappings.wake(region)

    def _make_folders(self) -> None:
        shutil.rmtree(self.config.run, ignore_errors=True)
        (self.config.run / "tmp").mkdir(parents=True)
        self.config.logs.mkdir(parents=True, exist_ok=True)
        for log in self.config.logs.glob("*.log"):
            if log != self.config.daemon_log:
                log.unlink()
        self._exits.callback(shutil.rmtree, self.config.run, ignore_errors=True)

    def _listen(self, region: Region) -> socket.socket:
        return self._bind(self.config.region_port(region))

    def _bind(self, port: int) -> socket.socket:
        listener = self._take(listen, port)
        self._exits.callback(listener.close)
        return listener

    def _take(self, how: Callable[[int], Taken], port: int) -> Taken:
        try:
            return how(port)
        except PortInUse as error:
            last = self.config.port + len(self.config.regions)
            raise WorldError(
                "the world cannot start",
                str(error),
                f"stop that program, or choose other ports than {self.config.port} to {last} "
                "with --port or ANTIPODE_PORT",
            ) from error

    async def _start_engine(self) -> None:
        installation = EngineInstallation(self.config.root, self.config.shared)
        home = self.config.regions[0].code
        if not installation.current:
            with step(self._report, "engine", "installing MiniStack"):
                await installation.install(
                    environment=isolated(os.environ, run=self.config.run, region=home),
                    log=self.config.logs / "install.log",
                )
        with step(self._report, "engine", "starting MiniStack"):
            self.engine = await Engine.start(
                installation,
                port=self._take(free_port, self.config.port),
                run=self.config.run,
                region=home,
                log=self.config.logs / "engine.log",
            )
        self._exits.push_async_callback(self.engine.stop)
        self._lasting.append(asyncio.create_task(self.engine.ended(), name="the engine"))
        self._aws = Aws(self.engine.url)
        await asyncio.to_thread(prepare, self._aws, self.config.regions)
        await asyncio.to_thread(principals.enrol, self._aws, self.administrator)

    async def _build(self) -> None:
        with step(self._report, "build", "the functions and their layer"):
            await Sam(self.config).build(log=self.config.logs / "build.log")


def authority(listener: socket.socket) -> str:
    """The address of a server on the socket, with its port."""
    return f"{HOST}:{number(listener)}"


def endpoint(listener: socket.socket) -> dict[str, str]:
    """What CloudFormation's GetAtt of the HTTP API answers."""
    return {"ApiEndpoint": f"http://{authority(listener)}"}


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
