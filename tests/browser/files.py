"""Files for a browser: a folder on 127.0.0.1, and answers that are in no file."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from localaws.sockets import HOST


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, texts: Mapping[str, str], **options: Any) -> None:
        self._texts = texts
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        text = self._texts.get(self.path.partition("?")[0])
        if text is None:
            super().do_GET()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """A test has no use for it."""


@contextmanager
def served(folder: Path, texts: Mapping[str, str]) -> Iterator[str]:
    """Serve a folder; yields its URL.

    Args:
        texts: what is answered for a path, whatever the folder has there.
    """
    handler = partial(_Handler, texts=texts, directory=str(folder))
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()
