"""Makes clients/javascript/antipode.js of its src: `python -m tests.clients.assemble`."""

from __future__ import annotations

from pathlib import Path

from tests.clients.tools import ROOT, Node

CLIENT = ROOT / "clients" / "javascript"
ASSEMBLED = CLIENT / "antipode.js"
MAX_BYTES = 20_000

_HEAD = "// Antipode's web client, of src/ by python -m tests.clients.assemble: change it there.\n"


def assembled(node: Node, source: Path = CLIENT / "src" / "client.js") -> str:
    """The one module, minified."""
    options = ("--bundle", "--minify", "--format=esm", "--target=es2022")
    return _HEAD + node.run("esbuild", str(source), *options)


if __name__ == "__main__":
    ASSEMBLED.write_text(assembled(Node.ready()))
