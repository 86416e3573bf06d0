"""The local world: several Regions on this machine, made from the project as AWS would make them.

One process owns everything: the engine and the SAM CLI as its children, and in its own event loop
a data plane of AppSync for each Region.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from local import authorization, principals
from local.appsync.deployed import TokenIssuer
from local.appsync.identity import Principal
from local.appsync.javascript.evaluator import JavaScriptEvaluator
from local.aws import Aws
from local.config import Region, WorldConfig
from local.deploy import Deployment, prepare
from local.engine import Engine, EngineInstallation
from local.environment import isolated
from local.errors import WorldError
from local.event_source_mapping.aws import AwsRegion
from local.event_source_mapping.mappings import EventSourceMappings
from local.expiry import expire
from local.fetching import over_http
from local.issuer import Documents, LocalIssuer
from local.progress import Report, silent, step
from local.redeployment import follow
from local.routing.gateway import Gateway, deployed
from local.routing.records import Routing
from local.routing.shared_name import SharedName
from local.sam import Sam
from local.servers import Address, open_plane, serve_deployed, serving
from local.sockets import HOST, PortInUse, free_port, listen, number
from local.stack import Stack, update_times
from local.together import together

Taken = TypeVar("Taken")


@dataclass(frozen=True)
class LiveRegion:
    """One Region, deployed and served."""

    region: Region
    address: Address
    stack: Stack
    auth: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The Region's part of world.json."""
        return {
            "name": self.region.name,
            "stack": self.region.stack,
            "graphql_url": self.address.graphql_url,
            "realtime_url": self.address.realtime_url,
            "api_key": self.stack.signing_in.api_key,
            "auth": dict(self.auth),
            "api_id": self.stack.api_id,
            "tables": self.stack.tables,
            "outputs": dict(self.stack.outputs),
        }


class World:
    """Regions that live as long as the block that made them.

        async with World(config) as world:
            world.regions["eu-west-1"].address.graphql_url

    Raises:
        WorldError: it could not be made; nothing of it is left.
    """

    regions: Mapping[str, LiveRegion]
    engine: Engine
    shared_name: Mapping[str, str] | None = None

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
        self._lasting: list[asyncio.Task[Any]] = []

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

    def as_json(self) -> dict[str, Any]:
        """What a client of this world must know: the contents of world.json."""
        return {
            "engine_url": self.engine.url,
            "regions": {code: live.as_json() for code, live in self.regions.items()},
            "iam": {
                "access_key_id": self.administrator.access_key_id,
                "secret_access_key": self.administrator.secret_access_key,
            },
            "pids": {"world": os.getpid(), "engine": self.engine.pid},
            "logs": str(self.config.logs),
        } | ({"shared_name": dict(self.shared_name)} if self.shared_name else {})

    async def broken(self) -> WorldError:
        """Wait until something has ended that must not; returns what."""
        done, _ = await asyncio.wait(self._lasting, return_when=asyncio.FIRST_COMPLETED)
        ended = ", ".join(sorted(task.get_name() for task in done))
        return WorldError("the world has ended", f"{ended} stopped", log=self.config.logs)

    async def _start(self) -> None:
        self._make_folders()
        listeners = {region.code: self._listen(region) for region in self.config.regions}
        addresses = {code: Address(number(listener)) for code, listener in listeners.items()}
        gateways = {
            region.code: self._bind(self.config.gateway_port(region))
            for region in self.config.regions
            if region.domain
        }
        await together(self._start_engine(), self._build())
        self._evaluator = JavaScriptEvaluator()
        self._exits.push_async_callback(asyncio.to_thread, self._evaluator.close)
        made = await Deployment(
            config=self.config,
            aws=self._aws,
            api={code: address.attributes for code, address in addresses.items()},
            report=self._report,
            gateways={code: endpoint(listener) for code, listener in gateways.items()},
        ).deploy()
        signing_in = {code: stack.signing_in for code, stack in made.stacks.items()}
        issuer = await self._issue(authorization.issuers(list(signing_in.values())))
        self.regions = {
            region.code: LiveRegion(
                region,
                addresses[region.code],
                made.stacks[region.code],
                authorization.as_json(
                    signing_in[region.code], region.code, issuer, self.administrator
                ),
            )
            for region in self.config.regions
        }
        with step(self._report, "appsync", "serving each Region's API"):
            mappings = await self._relay()
            for code, live in self.regions.items():
                await self._serve(
                    live, listeners[code], written=lambda: _wake(mappings, self.regions)
                )
        if made.routing:
            with step(self._report, "gateway", "one name for every Region"):
                await self._share(made.routing, gateways)
        for code, tables in made.expiring.items():
            home = self._aws.session.client("dynamodb", **self._aws.at(code))
            self._last(expire(home, tables), "the deletion of expired items")

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
        self.shared_name = {"name": name.domain, "url": f"http://{authority(listener)}"}

    # Any: an ASGI application.
    async def _listening(self, application: Any, listener: socket.socket, name: str) -> None:
        server = await self._exits.enter_async_context(serving(application, listener))
        server.set_name(name)
        self._lasting.append(server)

    async def _issue(self, names: Sequence[TokenIssuer]) -> LocalIssuer | None:
        """Stand in for those who issue clients' tokens, if the mode has any."""
        self._fetch = over_http({})
        if not names:
            return None
        listener = self._bind(0)
        url = f"http://{authority(listener)}"
        issuer = await asyncio.to_thread(LocalIssuer.of, names, url)
        await self._listening(Documents(issuer.documents), listener, "the issuer of tokens")
        self._fetch = over_http(issuer.stand_ins)
        return issuer

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

    async def _serve(
        self, live: LiveRegion, listener: socket.socket, *, written: Callable[[], None]
    ) -> None:
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
            written=written,
        )
        await self._listening(plane, listener, f"the server of {live.region.name}")
        self._exits.push_async_callback(plane.close)
        updated = partial(asyncio.to_thread, update_times(self._aws, live.region))
        serve = partial(serve_deployed, plane, self._aws, code, stack)
        self._last(follow(updated, serve), f"the watch over {live.region.name}'s stack")

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
    """By which a server on the socket is called."""
    return f"{HOST}:{number(listener)}"


def endpoint(listener: socket.socket) -> dict[str, str]:
    """What CloudFormation's GetAtt of the HTTP API answers."""
    return {"ApiEndpoint": f"http://{authority(listener)}"}


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _wake(mappings: EventSourceMappings, regions: Iterable[str]) -> None:
    """A write in one Region is in the streams of all at once."""
    for region in regions:
        mappings.wake(region)
