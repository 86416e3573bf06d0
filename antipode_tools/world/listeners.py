"""The ports of a world, taken before anything else is done, since one may be in use."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self, TypeVar

from antipode_tools.project.config import WorldConfig
from antipode_tools.world.errors import WorldError
from antipode_tools.world.serving.data_plane import Address
from localaws.sockets import HOST, PortInUse, listen, number

Taken = TypeVar("Taken")


@dataclass(frozen=True)
class Listeners:
    """Listening sockets, to be served later.

    Args:
        engine: of the engine's front.
        control: of what takes orders.
        regions: of each Region's API, by its code.
        tls: of the same APIs over TLS, where that is wanted.
        gateways: of the HTTP APIs, of the Regions that share a name.
        issuer: of the documents of tokens' issuers.
        shared: of the shared name.
    """

    engine: socket.socket
    control: socket.socket
    regions: Mapping[str, socket.socket]
    tls: Mapping[str, socket.socket]
    gateways: Mapping[str, socket.socket]
    issuer: socket.socket
    shared: socket.socket | None

    @classmethod
    def bind(cls, config: WorldConfig, exits: AsyncExitStack) -> Self:
        """Take the ports of a world; `exits` releases them.

        Raises:
            WorldError: another program has one.
        """

        def bound(port: int) -> socket.socket:
            listener = take(config, listen, port)
            exits.callback(listener.close)
            return listener

        sharing = [region for region in config.regions if region.domain]
        secure = config.regions if config.tls else ()
        return cls(
            engine=bound(config.port),
            control=bound(0),
            regions={each.code: bound(config.region_port(each)) for each in config.regions},
            tls={each.code: bound(config.tls_port(each)) for each in secure},
            gateways={each.code: bound(config.gateway_port(each)) for each in sharing},
            issuer=bound(0),
            shared=bound(config.shared_port) if sharing else None,
        )

    @property
    def addresses(self) -> dict[str, Address]:
        """Where each Region's API is, by its code."""
        return {
            code: Address(number(listener), number(self.tls[code]) if code in self.tls else None)
            for code, listener in self.regions.items()
        }

    @property
    def endpoints(self) -> dict[str, dict[str, str]]:
        """The attributes that CloudFormation's GetAtt returns for each HTTP API, by Region code."""
        return {
            code: {"ApiEndpoint": f"http://{authority(listener)}"}
            for code, listener in self.gateways.items()
        }


def take(config: WorldConfig, how: Callable[[int], Taken], port: int) -> Taken:
    """Take a port with `how`.

    Raises:
        WorldError: another program has it.
    """
    try:
        return how(port)
    except PortInUse as error:
        last = config.port + len(config.regions)
        raise WorldError(
            "the world cannot start",
            str(error),
            f"stop that program, or choose other ports than {config.port} to {last} "
            "with --port or ANTIPODE_PORT",
        ) from error


def authority(listener: socket.socket) -> str:
    """The address of a server on the socket, with its port."""
    return f"{HOST}:{number(listener)}"
