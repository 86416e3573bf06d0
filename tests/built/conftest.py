from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the SAM CLI makes of the template, with uv within its reach."""
    folder = tmp_path_factory.mktemp("built") / "build"
    finished = subprocess.run(
        [TOOLS / "sam", "build", "--config-env", "ireland", "--build-dir", folder],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{TOOLS}:{os.defpath}", "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder
