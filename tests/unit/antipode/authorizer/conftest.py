from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.certificate import make_certificate

# A busy machine is no defect of the authorizer.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of an issuer on this machine, with its key."""
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(make_certificate("localhost"))
    return file
