from __future__ import annotations

from dataclasses import replace
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


@pytest.mark.parametrize(("tls", "taken"), [(False, [0, 1, 5]), (True, [0, 1, 4, 5])])
def test_the_ports_of_tls_are_checked_where_it_is_asked_for(
    config: WorldConfig, tls: bool, taken: list[int]
) -> None:
    findings = examine(replace(config, tls=tls))
    subjects = [each.subject for each in findings if each.subject.startswith("port ")]
    assert subjects == [f"port {config.port + place}" for place in taken]


def test_the_ports_of_a_shared_name_are_checked_where_there_is_one(config: WorldConfig) -> None:
    region = replace(config.regions[0], parameters={"DomainName": "api.example"})
    findings = examine(replace(config, regions=(region,)))
    subjects = [each.subject for each in findings if each.subject.startswith("port ")]
    assert subjects == [f"port {config.port + place}" for place in (0, 1, 2, 3, 5)]
