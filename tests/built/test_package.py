"""What `sam package` uploads, and what it leaves in the template: no path of this machine."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.fakes.servers import QuietHandler, served

from .conftest import TOOLS

LOCATION = re.compile(
    r"(?:CodeS3Location|DefinitionS3Location|CodeUri|ContentUri|LicenseUrl|ReadmeUrl): (\S+)"
)


class Bucket(ThreadingHTTPServer):
    """An S3 that holds nothing and takes everything."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BucketHandler)
        self.keys: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class BucketHandler(QuietHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(404)

    def do_PUT(self) -> None:
        if self.headers.get("Expect") == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.add(self.path.partition("?")[0])
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with served(Bucket()) as server:
        yield server


@pytest.mark.enable_socket
def test_everything_that_the_template_points_to_is_uploaded(
    build: Path, root: Path, bucket: Bucket, tmp_path: Path
) -> None:
    packaged = tmp_path / "packaged.yaml"
    options: dict[str, Path | str] = {
        "--template-file": build / "template.yaml",
        "--config-file": root / "samconfig.toml",
        "--config-env": "ireland",
        "--s3-bucket": "artefacts",
        "--output-template-file": packaged,
    }
    finished = subprocess.run(
        [TOOLS / "sam", "package", *(word for option in options.items() for word in option)],
        env={
            "PATH": os.defpath,
            "HOME": str(tmp_path),
            "SAM_CLI_TELEMETRY": "0",
            "AWS_ENDPOINT_URL": bucket.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr

    # Seven resolvers, the schema, five functions, two layers, README and licence.
    locations = LOCATION.findall(packaged.read_text())
    assert len(locations) == 17
    assert {location.replace("s3://", "/", 1) for location in locations} == bucket.keys
