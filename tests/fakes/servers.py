"""HTTP servers that stand for others, of the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import TypeVar

Server = TypeVar("Server", bound=HTTPServer)

# How soon a server sees that it is to end.
_LOOK_S = 0.01


class QuietHandler(BaseHTTPRequestHandler):
    """Answers what a subclass says."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr."""


class OneAnswer(QuietHandler):
    """A service behind a network that drops idle connections without telling anybody: it answers
    the first request of each connection, and leaves whatever follows without a word.

    A subclass says in `over` when a test is over, and counts its own connections.
    """

    protocol_version = "HTTP/1.1"
    connections = 0
    over: Event

    def setup(self) -> None:
        """Counts the connection."""
        type(self).connections += 1
        self.answered = False
        super().setup()

    def do_POST(self) -> None:
        """Answers with an empty object, once."""
        self.rfile.read(int(self.headers["content-length"]))
        if self.answered:
            self.over.wait()
            return
        self.answered = True
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """The server, answering from a thread of its own."""
    with server:
        thread = Thread(target=server.serve_forever, args=(_LOOK_S,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
