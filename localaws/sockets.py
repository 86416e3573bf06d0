"""Ports of 127.0.0.1: nothing here listens on any other address."""

from __future__ import annotations

import socket

from localaws.errors import LocalAwsError

HOST = "127.0.0.1"


class PortInUse(LocalAwsError):
    """Another program has the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} of {HOST} is in use by another program")
        self.port = port


def listen(port: int) -> socket.socket:
    """A socket that listens on the port, or on any free one for 0, to be served later.

    Raises:
        PortInUse
    """
    # Unless the protocol is named, asyncio leaves Nagle's algorithm on: an answer in two packets
    # waits 40 ms for the client to acknowledge the first.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Otherwise a port stays taken for a minute after its connections are closed.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortInUse(port) from error
    return listener


def number(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    port: int = listener.getsockname()[1]
    return port


def free_port(port: int = 0) -> int:
    """`port` if it is free, or any free port for 0. Nothing keeps it free.

    Raises:
        PortInUse
    """
    with listen(port) as probe:
        return number(probe)
