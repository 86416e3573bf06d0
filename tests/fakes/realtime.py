"""A stand-in for AppSync's real-time endpoint: it accepts, and tells what a test has it tell."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

# The frames that answer one of a client's.
Answer = Callable[[Any], Sequence[object]]


def accepting(frame: Any) -> Sequence[object]:
    """Accepts whatever is asked for, and tells nothing."""
    match frame:
        case {"type": "connection_init"}:
            return [{"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}]
        case {"type": "start", "id": id_}:
            return [{"type": "ka"}, {"type": "start_ack", "id": id_}]
        case _:
            return []


@dataclass
class RealtimeServer:
    """A running stand-in, and what it was sent."""

    answer: Answer
    url: str = ""
    frames: list[Any] = field(default_factory=list)
    connections: list[ServerConnection] = field(default_factory=list)

    def handle(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        with suppress(ConnectionClosed):
            for text in connection:
                frame = json.loads(text)
                self.frames.append(frame)
                for each in self.answer(frame):
                    connection.send(json.dumps(each))

    def tell(self, id_: str, data: object) -> None:
        """Tells a subscription on every connection."""
        for connection in self.connections:
            with suppress(ConnectionClosed):
                frame = {"type": "data", "id": id_, "payload": {"data": data}}
                connection.send(json.dumps(frame))


@contextmanager
def realtime_server(answer: Answer = accepting) -> Iterator[RealtimeServer]:
    """Serves for the length of the block, on a port of its own."""
    served = RealtimeServer(answer)
    with serve(served.handle, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-ws")]) as server:
        served.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/graphql/realtime"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
