"""One small GET."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from antipode.fetching import MAX_BYTES, fetch


@contextmanager
def serving(status: int, body: bytes) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """A server's URL and what it was asked: paths and authorizations."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Authorization"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/credentials", asked
        thread.join()


def test_the_body_is_fetched_with_the_headers() -> None:
    with serving(200, b"{}") as (url, asked):
        assert fetch(url, {"Authorization": "let me in"}) == b"{}"
    assert asked == [("/credentials", "let me in")]


def test_no_more_is_read_than_anyone_needs() -> None:
    with serving(200, b"x" * (MAX_BYTES + 1)) as (url, _):
        assert len(fetch(url, {})) == MAX_BYTES


def test_another_status_is_an_error() -> None:
    with serving(403, b"no") as (url, _), pytest.raises(OSError, match="with status 403"):
        fetch(url, {})


def test_what_speaks_no_http_is_an_error() -> None:
    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 smtp.example.com\r\n")

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(OSError, match="did not answer"):
            fetch(f"http://127.0.0.1:{server.server_port}/", {})
        thread.join()
