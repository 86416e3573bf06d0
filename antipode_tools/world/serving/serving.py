"""Serves what is deployed: data planes, issuer of tokens, event source mappings, replication."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.counted import Counted
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth, WorldRegion
from antipode_tools.world.background import Background
from antipode_tools.world.deployment.deployed_stack import Stack, read, update_times
from antipode_tools.world.deployment.stack_watch import follow
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.errors import WorldError
from antipode_tools.world.in_force import InForce
from antipode_tools.world.listeners import Listeners
from antipode_tools.world.serving import sign_in
from antipode_tools.world.serving.attended import Attended
from antipode_tools.world.serving.certificates import Authority, utc
from antipode_tools.world.serving.data_plane import Address, open_plane, serve_deployed
from antipode_tools.world.serving.issuer_stand_in import IssuerStandIn
from antipode_tools.world.serving.replication import replicate
from antipode_tools.world.serving.signers import Signers, function
from antipode_tools.world.serving.tally import Tally
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.plane import DataPlane
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.writes import Tables
from localaws.event_source_mapping.aws import AwsRegion
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.gate import Gate
from localaws.iam.principals import Principal
from localaws.trouble import Troubled


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
            api_key=self.stack.signing_in.key,
            auth=self.auth,
            api_id=self.stack.api_id,
            tables=self.stack.tables,
            outputs=self.stack.outputs,
            tls=self.address.tls,
        )


class Serving:
    """The Regions of a world, each served as its stack is now, also after an update."""

    def __init__(
        self,
        *,
        aws: Aws,
        administrator: Principal,
        issuing: IssuerStandIn,
        mappings: EventSourceMappings,
        tallies: Mapping[str, Tally],
        tables: GlobalTables,
        written: Callable[[str, Tables], None],
        planes: Mapping[str, DataPlane],
        in_force: InForce,
        regions: Mapping[str, LiveRegion],
        changed: Callable[[], None],
    ) -> None:
        self._aws = aws
        self._administrator = administrator
        self._issuing = issuing
        self._mappings = mappings
        self._tallies = tallies
        self.tables = tables
        "Replication."
        self.written = written
        "To be called with a Region and its tables once something was written there."
        self._planes = planes
        self._in_force = in_force
        self._regions = regions
        self._changed = changed
        self._renewing = asyncio.Lock()

    @classmethod
    async def start(
        cls,
        aws: Aws,
        stacks: Sequence[tuple[Region, Stack]],
        *,
        listeners: Listeners,
        signers: Signers,
        in_force: InForce,
        changed: Callable[[], None],
        background: Background,
        exits: AsyncExitStack,
    ) -> Self:
        """Serve what is deployed, until `exits` ends it.

        Args:
            in_force: what lies between the Regions, and what is wrong with them.
            changed: called whenever a Region has changed.

        Raises:
            WorldError: an API has something that cannot be run here.
        """
        signing_in = [stack.signing_in for _, stack in stacks]
        issuing = await IssuerStandIn.of(signing_in, listeners.issuer, background)
        codes = [region.code for region, _ in stacks]
        tallies = {code: Tally() for code in codes}
        mappings = await _mappings(aws, in_force.gates, tallies, background, exits)
        evaluator = JavaScriptEvaluator()
        exits.push_async_callback(asyncio.to_thread, evaluator.close)

        tables = replicate(
            aws, codes, in_force.network, applied=mappings.wake, background=background, exits=exits
        )
        in_force.watch(tables.network_changed)

        def written(code: str, to: Tables) -> None:
            mappings.wake(code, to)
            tables.wake(code, to)

        planes: dict[str, DataPlane] = {}
        regions: dict[str, LiveRegion] = {}
        for region, stack in stacks:
            code, address = region.code, listeners.addresses[region.code]
            relay = function(stack.relay_role, stack.relay)
            signing = [*signers.others, signers.administrator, relay]
            planes[code] = await open_plane(
                aws,
                code,
                stack,
                address=address,
                principals={signer.access_key_id: signer for signer in signing},
                evaluator=evaluator,
                fetch=issuing.fetch,
                written=partial(written, code),
            )
            exits.push_async_callback(planes[code].close)
            await background.serve(
                Troubled(planes[code], in_force.troubles[code]),
                listeners.regions[code],
                f"the server of {region.name}",
                gate=in_force.gates[code],
            )
            auth = sign_in.auth(stack.signing_in, issuing.issuer, signers.administrator)
            regions[code] = LiveRegion(region, address, stack, auth)
        serving = cls(
            aws=aws,
            administrator=signers.administrator,
            issuing=issuing,
            mappings=mappings,
            tallies=tallies,
            tables=tables,
            written=written,
            planes=planes,
            in_force=in_force,
            regions=regions,
            changed=changed,
        )
        serving._follow_updates(background)
        return serving

    @property
    def regions(self) -> Mapping[str, LiveRegion]:
        """The Regions as they are served now, by their codes."""
        return self._regions

    def waiting_since(self) -> dict[str, float | None]:
        """By Region: when the oldest change was written that its relay is not done with."""
        return {code: self._mappings.waiting_since(code) for code in self._regions}

    def counted(self) -> dict[str, Counted]:
        """By Region: what it has done."""
        return {code: self._counted(code) for code in self._regions}

    def _counted(self, code: str) -> Counted:
        counts, tally = self._planes[code].counts, self._tallies[code]
        return Counted(
            seconds=counts.seconds,
            requests=counts.requests,
            announced=counts.announced,
            updates=counts.updates,
            bytes_told=counts.bytes_told,
            connection_s=counts.connection_s,
            connections=self._planes[code].sockets.connections,
            writes=tally.writes,
            write_units=tally.write_units,
            bytes_written=tally.bytes_written,
        )

    async def over_tls(
        self, config: WorldConfig, listeners: Listeners, background: Background
    ) -> None:
        """Serve each Region's API a second time, to clients that insist on TLS."""
        tls = Authority.kept(config.certificates, utc).server(config.run, utc)
        for code, listener in listeners.tls.items():
            name = f"the TLS server of {self._regions[code].region.name}"
            plane = Troubled(self._planes[code], self._in_force.troubles[code])
            gate = self._in_force.gates[code]
            await background.serve(plane, listener, name, tls=tls, gate=gate)

    async def renew(self, code: str) -> None:
        """Serve a Region as its stack is now, whoever updated it.

        Raises:
            WorldError: it cannot be served; the previous API still is.
        """
        async with self._renewing:
            live = self._regions[code]
            try:
                stack = await asyncio.to_thread(read, self._aws, live.region)
            except (BotoCoreError, ClientError, LookupError) as error:
                raise WorldError(
                    f"{live.region.name}'s stack cannot be read", repr(error)
                ) from error
            others = [each.stack for other, each in self._regions.items() if other != code]
            self._issuing.follow([each.signing_in for each in (*others, stack)])
            await serve_deployed(self._planes[code], self._aws, code, stack)
            auth = sign_in.auth(stack.signing_in, self._issuing.issuer, self._administrator)
            renewed = LiveRegion(live.region, live.address, stack, auth)
            self._regions = {**self._regions, code: renewed}
            await self._mappings.refresh()
            self._changed()

    def _follow_updates(self, background: Background) -> None:
        """Notice what anybody deploys, with whatever tool."""
        for code, live in self._regions.items():
            updated = partial(asyncio.to_thread, update_times(self._aws, live.region))
            background.run(
                follow(updated, partial(self.renew, code)),
                f"the watch over {live.region.name}'s stack",
            )


async def _mappings(
    aws: Aws,
    gates: Mapping[str, Gate],
    tallies: Mapping[str, Tally],
    background: Background,
    exits: AsyncExitStack,
) -> EventSourceMappings:
    """Feed the streams to the functions, as the stacks' event source mappings say."""
    services = {code: AwsRegion.connect(aws.session, code, aws.endpoint) for code in gates}
    for each in services.values():
        exits.callback(each.close)
    mappings = EventSourceMappings(
        {code: Attended(each, gates[code], tallies[code]) for code, each in services.items()}
    )
    await mappings.refresh()
    background.run(mappings.run(), "the event source mappings")
    return mappings
