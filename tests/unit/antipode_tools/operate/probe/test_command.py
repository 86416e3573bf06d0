"""The command: what it prints, draws and ends with."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from antipode_tools.cli.app import app
from antipode_tools.operate.output import Output
from antipode_tools.operate.probe.command import Run, probe
from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.probe.matrix import Cell, Limits
from antipode_tools.operate.probe.origin import Origin
from antipode_tools.operate.probe.run import Plan, Result
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.target import Target
from antipode_tools.project.config import WorldConfig
from tests.fakes.project import make_project, start_world

MATRIX = {
    "ireland": {"ireland": Cell([10, 20]), "sydney": Cell([100], lost=1, doubled=1)},
    "sydney": {"ireland": Cell([], lost=2), "sydney": Cell([30, 40], disordered=1)},
}


def sound(name: str) -> dict[str, Cell]:
    return {name: Cell([10])}


def run(
    tmp_path: Path, result: Result, *regions: str, **arguments: Any
) -> tuple[ExitCode, str, str, Plan | None]:
    """What the command ends with, prints and says beside, and what it was to do."""
    out, err, plans = io.StringIO(), io.StringIO(), list[Plan]()

    def runs_inside(targets: Sequence[Target], plan: Plan) -> Result:
        plans.append(plan)
        return result

    def runs(endpoints: Sequence[Endpoint], plan: Plan) -> Result:
        plans.append(plan)
        return result

    def reach(target: Target, world: WorldConfig, token: str | None) -> Endpoint:
        region = target.region
        return Endpoint(region.name, region.code, "", "", lambda *_: {}, "", frozenset())

    asked = Run(
        root=tmp_path,
        output=Output(out, err),
        runs=runs,
        runs_inside=runs_inside,
        reach=reach,
        **arguments,
    )
    ended = probe(regions, asked)
    return ended, out.getvalue(), err.getvalue(), plans[0] if plans else None


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project whose local world is running, with Ireland alone in it."""
    lock = start_world(make_project(tmp_path))
    yield tmp_path
    lock.release()


def test_a_sound_probe_ends_with_done(project: Path) -> None:
    ended, out, err, plan = run(project, Result({"ireland": sound("ireland")}, []), writes=4)
    assert (ended, err) == (ExitCode.DONE, "")
    assert out.splitlines()[-1] == "✔ nothing lost, nothing twice"
    assert plan == Plan(items=2, pause_s=0.1, within_s=30)


def test_the_report_for_people_has_a_matrix_and_what_is_wrong(project: Path) -> None:
    ended, out, _, _ = run(project, Result(MATRIX, ["sydney refused a write: no"]))
    assert ended is ExitCode.FAILED
    assert out.splitlines()[2:5] == [
        "written in  heard in ireland           heard in sydney",
        "ireland     p50 10 ms, p99 20 ms, 2/2  p50 100 ms, p99 100 ms, 1/2, 1 twice",
        "sydney      nothing, 0/2               p50 30 ms, p99 40 ms, 2/2, 1 out of order",
    ]
    assert [line for line in out.splitlines() if line.startswith("✖")] == [
        "✖ sydney refused a write: no",
        "✖ 3 announcements were lost, and 0 may be",
        "✖ 1 announcements came twice, and 0 may",
        "✖ 1 announcements came out of order, of sydney's writes in sydney",
    ]


def test_the_report_for_programs_has_every_time(project: Path) -> None:
    matrix = {"ireland": sound("ireland")}
    ended, out, _, _ = run(project, Result(matrix, []), json_output=True, limits=Limits(p99=9))
    assert ended is ExitCode.FAILED
    told = json.loads(out)
    assert told["pairs"] == [
        {
            "written_in": "ireland",
            "heard_in": "ireland",
            "writes": 1,
            "p50_ms": 10,
            "p99_ms": 10,
            "lost": 0,
            "doubled": 0,
            "out_of_order": 0,
            "milliseconds": [10],
        }
    ]
    assert (told["where"], told["from"]) == ("local", "here")
    assert told["failures"] == ["p99 is 10 ms from ireland to ireland, and 9 ms are allowed"]


def test_a_probe_from_inside_the_regions_has_the_same_matrix_and_says_so(project: Path) -> None:
    result = Result(MATRIX, ["sydney: nothing was heard: no"])
    ended, out, _, plan = run(project, result, origin=Origin.REGIONS, writes=9)
    assert ended is ExitCode.FAILED
    assert plan == Plan(items=3, pause_s=0.1, within_s=30)
    lines = out.splitlines()
    assert lines[0] == "ireland in the local world, from inside the Regions"
    assert lines[3] == (
        "ireland     p50 10 ms, p99 20 ms, 2/2  p50 100 ms, p99 100 ms, 1/2, 1 twice"
    )
    assert "✖ sydney: nothing was heard: no" in lines


def test_where_no_region_has_a_canary_it_says_how_to_get_one(project: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    asked = Run(root=project, output=Output(out, err), origin=Origin.REGIONS)
    assert probe([], asked) is ExitCode.NOT_RUNNING
    assert err.getvalue() == (
        "antipode probe: stack antipode in eu-west-1 has no canary to write and listen there:"
        " deploy this version with CanaryModel (docs/operations.md, A canary), or leave --from"
        " out\n"
    )


def test_the_plot_goes_where_it_is_wanted(project: Path) -> None:
    svg = project / "probe.svg"
    run(project, Result(MATRIX, []), svg=svg)
    assert svg.read_text().startswith("<svg")


def test_a_region_that_is_not_there_is_wrong_usage(project: Path) -> None:
    ended, _, err, plan = run(project, Result({}, []), "atlantis")
    assert (ended, plan) == (ExitCode.WRONG_USAGE, None)
    assert "has no Region atlantis" in err


def test_without_a_world_and_credentials_it_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["probe", "ireland", "--where", "local", "--state", str(tmp_path / "none")]
    )
    assert result.exit_code == ExitCode.NOT_RUNNING
    assert result.stderr == (
        "antipode probe: the local world is not running: start it with make up\n"
    )
