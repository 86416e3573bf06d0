from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.world.engine.environment import isolated

RUN = Path("/somewhere/run")
OURS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/somewhere/run/no-aws-settings",
    "AWS_SHARED_CREDENTIALS_FILE": "/somewhere/run/no-aws-settings",
    "AWS_EC2_METADATA_DISABLED": "true",
    "SAM_CLI_TELEMETRY": "0",
    "__SAM_CLI_APP_DIR": "/somewhere/run/sam",
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
    "TMPDIR": "/somewhere/run/tmp",
}


def test_nothing_of_the_users_aws_settings_is_passed_on() -> None:
    theirs = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL_S3": "https://elsewhere",
        "SAM_CLI_POLL_DELAY": "9",
        "PYTHONPATH": "elsewhere",
        "PYTHONDONTWRITEBYTECODE": "1",
        "VIRTUAL_ENV": "elsewhere",
        "TMPDIR": "/theirs",
    }
    assert isolated(theirs, run=RUN, region="eu-west-1") == OURS


def test_the_rest_of_the_environment_is_passed_on() -> None:
    theirs = {"PATH": "/bin", "HOME": "/home/them", "HTTPS_PROXY": "http://proxy"}
    assert isolated(theirs, run=RUN, region="eu-west-1") == OURS | theirs


def test_programs_that_call_aws_are_given_the_engine() -> None:
    given = isolated({}, run=RUN, region="eu-west-1", endpoint="http://127.0.0.1:4000")
    assert given == OURS | {"AWS_ENDPOINT_URL": "http://127.0.0.1:4000"}


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_this_machine_is_added_to_what_is_reached_without_a_proxy(name: str) -> None:
    given = isolated({name: "intranet"}, run=RUN, region="eu-west-1")
    assert given["NO_PROXY"] == given["no_proxy"] == "intranet,127.0.0.1,localhost"
