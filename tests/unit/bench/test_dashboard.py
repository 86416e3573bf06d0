"""The picture of the dashboard, from fixed figures."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from antipode_tools.world.orders import VERBS
from bench import dashboard
from bench.dashboard import SECONDS, orders
from bench.widgets import Figures, Look, Metric, drawn, metrics_of, widgets

ROOT = Path(__file__).parents[3]
NAMES = {"eu-west-1": "ireland", "ap-southeast-2": "sydney"}
FIGURES = Figures(
    region="ireland",
    names=NAMES,
    looks=[Look(0.0, 0.0, 0, 1), Look(1.0, 250.0, 2, 3)],
    metrics=[
        Metric(0.5, "Published", "", (3.0,)),
        Metric(4.9, "Published", "", (2.0,)),
        Metric(5.0, "Published", "", (1.0,)),
        Metric(4.9, "Failed", "", (0.0,)),
        Metric(2.0, "ReplicationLag", "ap-southeast-2", (100.0, 300.0, 200.0)),
        Metric(2.0, "ReplicationLag", "eu-west-1", (20.0,)),
    ],
    marks=[(3.0, "a second to sydney")],
)


def emf(at_ms: int, unit: str, values: dict[str, list[int]], **dimensions: str) -> str:
    """A line as the relay writes it."""
    directive = {
        "Namespace": "Antipode",
        "Dimensions": [[*dimensions, "service"]],
        "Metrics": [{"Name": name, "Unit": unit} for name in values],
    }
    told = {"_aws": {"Timestamp": at_ms, "CloudWatchMetrics": [directive]}}
    return json.dumps({**told, **dimensions, "service": "relay", **values})


def test_metrics_are_read_from_the_relays_log_and_nothing_else_of_it() -> None:
    log = [
        "START RequestId: 1",
        '{"message": "batch relayed", "Published": 3}',
        emf(999, "Count", {"Published": [9]}, Stack="antipode"),
        emf(2_500, "Count", {"Published": [3], "Failed": [0]}, Stack="antipode"),
        emf(2_500, "Milliseconds", {"ReplicationLag": [5, 7]}, SourceRegion="eu-west-1"),
    ]
    assert metrics_of(log, since=1.0) == [
        Metric(1.5, "Published", "", (3.0,)),
        Metric(1.5, "Failed", "", (0.0,)),
        Metric(1.5, "ReplicationLag", "eu-west-1", (5.0, 7.0)),
    ]


def test_a_widget_has_a_point_for_each_period_and_moment() -> None:
    assert widgets(FIGURES) == {
        "milliseconds from a write to its announcement here, p99, by source Region": {
            "ireland": [(5, 20.0)],
            "sydney": [(5, 300.0)],
        },
        "what became of changes, each 5 seconds": {
            "Published": [(5, 5.0), (10, 1.0)],
            "Retried": [],
            "Failed": [(5, 0.0)],
            "Undelivered": [],
        },
        "how far behind the relay is: the iterator age, milliseconds": {
            "IteratorAge": [(0.0, 0.0), (1.0, 250.0)]
        },
        "set aside: changes that could not be published": {"undelivered": [(0.0, 0), (1.0, 2)]},
        "connections": {"clients": [(0.0, 1), (1.0, 3)]},
    }


def test_figures_that_were_kept_are_drawn_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, svg = tmp_path / "figures.json", tmp_path / "dashboard.svg"
    kept.write_text(FIGURES.as_json())
    command = ["bench.dashboard", "--draw", str(kept), "--svg", str(svg)]
    monkeypatch.setattr(sys, "argv", command)
    dashboard.main()
    assert capsys.readouterr().out == f"{svg}\n"
    assert svg.read_text() == drawn(FIGURES)
    assert svg.read_text().startswith("<svg")


def test_the_picture_has_every_widget_and_what_was_done() -> None:
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", drawn(FIGURES))
    for title in [*widgets(FIGURES), "a second to sydney", "sydney", "Published"]:
        assert title in shown


def test_what_is_done_to_the_world_are_orders_within_the_run() -> None:
    given = orders(["ireland", "sydney"])
    assert all(order.do in VERBS for _, _, order in given)
    assert all(len(order.regions) in VERBS[order.do] for _, _, order in given)
    assert [at for at, _, _ in given] == sorted(at for at, _, _ in given)
    assert given[-1][0] < SECONDS
    assert given[-1][2].do == "heal"


def test_the_page_shows_the_picture_and_the_command_that_makes_it() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    assert "](dashboard.svg)" in page
    assert "python -m bench.dashboard --svg docs/dashboard.svg" in page
    picture = (ROOT / "docs/dashboard.svg").read_text()
    for title in widgets(FIGURES):
        assert f">{title}</text>" in picture
