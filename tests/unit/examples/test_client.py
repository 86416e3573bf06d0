"""The example client as a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from antipode_tools.project.config import project_root
from localaws.sockets import free_port


def client(arguments: Sequence[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "examples/client/client.py", *arguments],
        cwd=project_root(),
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "wanted"),
    [
        (
            [],
            {"ANTIPODE_API_KEY": "key"},
            "the following arguments are required: URL/graphql",
        ),
        (["http://127.0.0.1:1/graphql"], {}, "set ANTIPODE_TOKEN or ANTIPODE_API_KEY"),
        (
            ["http://127.0.0.1:1/graphql", "a"],
            {"ANTIPODE_API_KEY": "key"},
            "what is asked for is written FIELD=VALUE",
        ),
    ],
)
def test_what_it_was_not_told_it_asks_for(
    arguments: list[str], environment: dict[str, str], wanted: str
) -> None:
    asked = client(arguments, **environment)
    out, err = asked.communicate()
    assert (out, err.splitlines()[-1], asked.returncode) == ("", f"client.py: error: {wanted}", 2)


def test_it_ends_without_a_word_when_it_is_interrupted() -> None:
    url = f"http://127.0.0.1:{free_port()}/graphql"
    with client([url], ANTIPODE_API_KEY="key") as following:
        assert following.stdout
        assert following.stderr
        assert following.stdout.readline().startswith("begin again: TransportConnectionFailed(")

        following.send_signal(signal.SIGINT)

        assert following.stderr.read() == ""
    assert following.returncode == 0
