"""The example client as a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from antipode_tools.project.config import project_root
from examples.client.client import ITEMS, queried
from examples.client.mirror import Query
from localaws.sockets import free_port


def client(arguments: Sequence[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "examples/client/client.py", *arguments],
        cwd=project_root(),
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has SIGINT ignored, and so have its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
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


@pytest.mark.parametrize(
    ("model", "listed", "sync", "wanted"),
    [
        ("Todo", None, False, ("listTodos", None)),
        ("Todo", None, True, ("listTodos", "syncTodos")),
        ("Country", "listCountries", True, ("listCountries", "syncCountries")),
        ("Todo", None, "missedTodos", ("listTodos", "missedTodos")),
        ("ItemsModel", None, False, ("listItemsModel", None)),
    ],
)
def test_operations_have_the_names_that_models_get_by_default(
    model: str, listed: str | None, sync: str | bool, wanted: tuple[str, str | None]
) -> None:
    query = queried(model, listed, "id", {"name": "tea"}, sync)
    assert query == Query(model, wanted[0], "id", {"name": "tea"}, sync=wanted[1])


def test_without_a_word_of_them_it_holds_the_walkthroughs_items() -> None:
    assert queried(ITEMS.model, None, ITEMS.select, {}, sync=False) == ITEMS


def test_it_ends_without_a_word_when_it_is_interrupted() -> None:
    url = f"http://127.0.0.1:{free_port()}/graphql"
    with client([url], ANTIPODE_API_KEY="key") as following:
        assert following.stdout
        assert following.stderr
        assert following.stdout.readline().startswith("begin again: TransportConnectionFailed(")

        following.send_signal(signal.SIGINT)

        assert following.stderr.read() == ""
    assert following.returncode == 0
