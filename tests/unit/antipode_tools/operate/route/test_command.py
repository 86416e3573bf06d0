"""The commands, against an edge in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.operate.output import Output
from antipode_tools.operate.route import command
from antipode_tools.operate.route.changes import Changes
from antipode_tools.operate.route.command import Run
from antipode_tools.operate.route.keys import decode
from antipode_tools.operate.stacks.errors import ExitCode
from tests.unit.antipode_tools.operate.route.fakes import ROUTES, FakeStore, edge


class Told:
    """One run of a command: its exit status and what it printed."""

    def __init__(self, store: FakeStore, work: Callable[[Run], ExitCode], **options: Any) -> None:
        out, err = io.StringIO(), io.StringIO()
        run = Run(edge=edge(store), output=Output(out, err), **options)
        self.code = work(run)
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def store() -> FakeStore:
    """With the routes of edge/routes.toml."""
    store = FakeStore()
    Told(store, set_())
    store.batches.clear()
    return store


def set_(path: Path = ROUTES) -> Callable[[Run], ExitCode]:
    return lambda run: command.set_(path, run)


def drain(region: str, *, drained: bool = True) -> Callable[[Run], ExitCode]:
    return lambda run: command.drain(region, run, drained=drained)


# -- show -----------------------------------------------------------------------------------------


def test_the_routes_are_shown(store: FakeStore) -> None:
    Told(store, drain("sydney"))
    told = Told(store, command.show)
    assert told.code is ExitCode.DONE
    assert told.lines == [
        "antipode-edge",
        "  eu-west-1        eu.api.example.com",
        "  ap-southeast-2   ap.api.example.com   drained",
        "  default          eu-west-1 1",
        "  continent:AS     ap-southeast-2 3, eu-west-1 1",
        "  continent:EU     eu-west-1 1",
        "  continent:OC     ap-southeast-2 1",
        "  country:TR       eu-west-1 1",
    ]


def test_the_routes_are_shown_as_json(store: FakeStore) -> None:
    assert Told(store, command.show, json_output=True).json == {
        "stack": "antipode-edge",
        "regions": {"eu-west-1": "eu.api.example.com", "ap-southeast-2": "ap.api.example.com"},
        "drained": [],
        "rules": {
            "default": {"eu-west-1": 1},
            "continent:AS": {"ap-southeast-2": 3, "eu-west-1": 1},
            "continent:EU": {"eu-west-1": 1},
            "continent:OC": {"ap-southeast-2": 1},
            "country:TR": {"eu-west-1": 1},
        },
    }


def test_an_empty_store_is_shown_as_what_it_means() -> None:
    assert Told(FakeStore(), command.show).lines == [
        "antipode-edge",
        "there are no routes: the first Region of the edge's stack serves everybody",
    ]


def test_a_store_that_cannot_be_read_can_be_mended() -> None:
    store = FakeStore({"routes": "{", "theirs": "7"})
    told = Told(store, command.show)
    assert (told.code, told.err) == (
        ExitCode.FAILED,
        "antipode route: the store's routes cannot be read: {:"
        " fix it with antipode route set edge/routes.toml\n",
    )
    assert Told(store, set_()).code is ExitCode.DONE
    assert Told(store, command.show).code is ExitCode.DONE
    assert store.keys["theirs"] == "7"


# -- set ------------------------------------------------------------------------------------------


def test_what_a_file_changes_is_written_and_reported(store: FakeStore, tmp_path: Path) -> None:
    changed = tmp_path / "routes.toml"
    text = ROUTES.read_text().replace("TR =", "NZ =").replace("OC = { ap-southeast-2 = 1", "OC = {")
    changed.write_text(text.replace("OC = { }", "OC = { eu-west-1 = 2 }"))
    told = Told(store, set_(changed))
    assert told.lines == [
        "antipode-edge",
        '  ~ continent:OC {"ap-southeast-2":1} -> {"eu-west-1":2}',
        '  + country:NZ {"eu-west-1":1}',
        '  - country:TR {"eu-west-1":1}',
        "4 keys written; CloudFront has them everywhere within seconds",
    ]
    assert dict(decode(store.keys).countries) == {"NZ": {"eu-west-1": 1}}
    # With the routes, which list the rules.
    assert store.batches == [4]


def test_the_same_file_again_writes_nothing(store: FakeStore) -> None:
    told = Told(store, set_())
    assert (told.lines, store.batches) == (["antipode-edge", "nothing to change"], [])


def test_what_is_drained_stays_drained(store: FakeStore) -> None:
    Told(store, drain("ireland"))
    Told(store, set_())
    assert decode(store.keys).drained == ("eu-west-1",)


def test_a_region_that_leaves_the_file_is_drained_no_longer(
    store: FakeStore, tmp_path: Path
) -> None:
    Told(store, drain("ireland"))
    alone = tmp_path / "routes.toml"
    alone.write_text(
        '[regions]\nap-southeast-2 = "ap.api.example.com"\n[default]\nap-southeast-2 = 1\n'
    )
    assert Told(store, set_(alone)).code is ExitCode.DONE
    assert set(store.keys) == {"routes"}
    assert decode(store.keys).drained == ()


def test_a_dry_run_tells_and_writes_nothing() -> None:
    store = FakeStore()
    told = Told(store, set_(), dry_run=True)
    assert told.lines[0] == "antipode-edge, dry run"
    assert told.lines[-1] == "5 keys would be written"
    assert store.keys == {}


def test_what_is_written_is_reported_as_json(store: FakeStore) -> None:
    told = Told(store, drain("ireland"), json_output=True).json
    assert (told["put"], told["deleted"], told["dry_run"]) == (
        {"routes": store.keys["routes"]},
        [],
        False,
    )
    assert told["drained"] == ["eu-west-1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("eu.api.example.com", "eu.api.example.net"), ("ap-southeast-2", "us-east-1")],
)
def test_a_region_that_the_edge_does_not_have_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    strange = tmp_path / "routes.toml"
    strange.write_text(ROUTES.read_text().replace(old, new))
    store = FakeStore()
    told = Told(store, set_(strange))
    assert told.code is ExitCode.WRONG_USAGE
    assert "is not one of the edge's Regions, which are eu-west-1=eu.api.example.com," in told.err
    assert store.keys == {}


def test_another_writer_is_noticed() -> None:
    class Busy(FakeStore):
        def write(self, batch: Changes, version: str) -> str:
            self.version += 1
            return super().write(batch, version)

    told = Told(Busy(), set_())
    assert (told.code, told.err) == (
        ExitCode.FAILED,
        "antipode route: another has changed them\n",
    )


# -- drain ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ireland", "eu-west-1"])
def test_a_region_is_drained_by_either_of_its_names(store: FakeStore, name: str) -> None:
    told = Told(store, drain(name))
    assert told.lines == [
        "antipode-edge",
        '  + drained ["eu-west-1"]',
        "1 key written; CloudFront has them everywhere within seconds",
    ]


def test_draining_twice_is_as_good_as_once(store: FakeStore) -> None:
    Told(store, drain("ireland"))
    assert Told(store, drain("ireland")).lines[-1] == "nothing to change"


def test_a_drained_region_can_be_let_serve_again(store: FakeStore) -> None:
    Told(store, drain("ireland"))
    Told(store, drain("sydney"))
    assert Told(store, drain("ireland", drained=False)).code is ExitCode.DONE
    assert decode(store.keys).drained == ("ap-southeast-2",)
    Told(store, drain("sydney", drained=False))
    assert decode(store.keys).drained == ()


def test_draining_the_last_region_reports_its_effect(store: FakeStore) -> None:
    Told(store, drain("ireland"))
    told = Told(store, drain("sydney"))
    assert told.code is ExitCode.DONE
    assert told.lines[-1] == (
        "every Region is drained: viewers are served as if none were, and each is logged"
    )


def test_a_region_that_is_not_in_the_routes_cannot_be_drained(store: FakeStore) -> None:
    told = Told(store, drain("virginia"))
    assert (told.code, told.err) == (
        ExitCode.WRONG_USAGE,
        "antipode route: there is no Region virginia in the routes; they have"
        " eu-west-1, ap-southeast-2\n",
    )


def test_without_routes_nothing_can_be_drained() -> None:
    told = Told(FakeStore(), drain("ireland"))
    assert told.code is ExitCode.WRONG_USAGE
    assert "they have none: antipode route set edge/routes.toml" in told.err
