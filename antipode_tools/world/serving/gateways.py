"""Each Region's HTTP API, and the name that the Regions share in front of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from antipode_tools.project.world_file import SharedName as SharedUrl
from antipode_tools.world.background import Background
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.in_force import InForce
from antipode_tools.world.listeners import Listeners, authority
from localaws.apigateway.gateway import Gateway, deployed
from localaws.route53.records import Routing
from localaws.route53.shared_name import SharedName


async def share(
    aws: Aws,
    routing: Mapping[str, Routing],
    listeners: Listeners,
    in_force: InForce,
    background: Background,
) -> SharedUrl:
    """Serve the HTTP APIs of the Regions that share a name, and the name; returns its URL."""
    assert listeners.shared is not None
    gateways = {
        code: replace(
            await _gateway(aws, code, each.domain, authority(listeners.gateways[code])),
            is_dark=partial(in_force.is_dark, code),
        )
        for code, each in routing.items()
    }
    for code, gateway in gateways.items():
        name, gate = f"the gateway of {code}", in_force.gates[code]
        await background.serve(gateway, listeners.gateways[code], name, gate=gate)
    shared = SharedName.of(routing, gateways)
    await background.serve(shared, listeners.shared, "the shared name")
    background.run(shared.watch(), "the health checks")
    return SharedUrl(shared.domain, f"http://{authority(listeners.shared)}")


async def _gateway(aws: Aws, code: str, domain: str, address: str) -> Gateway:
    apis = aws.session.client("apigatewayv2", **aws.at(code))
    functions = aws.session.client("lambda", **aws.at(code))
    return Gateway(frozenset({domain, address}), await asyncio.to_thread(deployed, apis, functions))
