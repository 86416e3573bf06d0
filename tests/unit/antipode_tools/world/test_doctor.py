from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.project.config import WorldConfig, load, project_root
from antipode_tools.project.finding import Verdict
from antipode_tools.world.doctor import examine
from localaws.sockets import free_port, listen, number


@pytest.fixture
def config(tmp_path: Path) -> WorldConfig:
    return load(root=project_root(), names=["ireland"], port=free_port(), state=tmp_path)


def test_this_projects_own_environment_is_found_right(config: WorldConfig) -> None:
    findings = {finding.subject: finding.verdict for finding in examine(config)}
    for subject in ("Python", "make", "uv", "SAM CLI", "quickjs", "uvicorn", "engine"):
        assert findings[subject] is Verdict.RIGHT, subject


def test_a_port_in_use_is_found_with_what_to_do(config: WorldConfig) -> None:
    with listen(config.port) as listener:
        port = number(listener)
        [finding] = [each for each in examine(config) if each.subject == f"port {port}"]
    assert (finding.verdict, finding.found) == (
        Verdict.WRONG,
        f"port {port} of 127.0.0.1 is in use by another program",
    )
    assert "--port or ANTIPODE_PORT" in finding.fix
