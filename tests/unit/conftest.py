from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.certificate import make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of a token issuer on this machine, with its key."""
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(make_certificate("localhost"))
    return file
