"""One world for all of these tests: every kind of models' file at once, and a canary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world import control
from antipode_tools.world.progress import silent
from tests.e2e.project import config_of, project
from tests.unit.antipode_tools.schema.cases import CASES, case

OPERATIONS = Path(__file__).parent / "operations"
# The canary's own.
BEAT = "type Beat @model { id: ID! }"


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldFile]:
    """Ireland and Sydney, each with a canary of the model Beat and an alarm for it."""
    models = "\n".join([*map(case, CASES), BEAT])
    root = project(tmp_path_factory.mktemp("project"), models, operations=OPERATIONS)
    samconfig = root / "samconfig.toml"
    # At the beginning of a line: the same stands in comments.
    protects = '\nDeletionProtection = "true"\n'
    topic = 'AlarmTopicArn = "arn:aws:sns:eu-west-1:000000000000:on-call"\nDashboard = "true"\n'
    text = samconfig.read_text()
    assert text.count(protects) == 2
    samconfig.write_text(text.replace(protects, f'{protects}CanaryModel = "Beat"\n{topic}'))
    config = config_of(root, tmp_path_factory.mktemp("state"))
    yield control.start(config, silent)
    control.stop(config)
