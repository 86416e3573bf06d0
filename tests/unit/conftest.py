from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from botocore.loaders import create_loader

from tests.fakes.certificate import make_certificate


@pytest.fixture(scope="session", autouse=True)
def one_loader() -> Iterator[None]:
    """Have botocore read the model of a service once, where it does so in each of its sessions.

    Nothing but speed comes of it: a session keeps what it has read in just this way.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(create_loader))
        yield


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of a token issuer on this machine, with its key."""
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(make_certificate("localhost"))
    return file
