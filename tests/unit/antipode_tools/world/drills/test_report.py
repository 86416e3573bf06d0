from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from antipode_tools.world.drills.observed import Announcement, Observed, Write
from antipode_tools.world.drills.plots import plot
from antipode_tools.world.drills.report import Report
from antipode_tools.world.drills.verdict import Finding

ROOT = Path(__file__).parents[5]

OBSERVED = Observed(
    ["ireland", "sydney"],
    writes=[
        Write(0.2, "ireland", "a", "1", done=True, home="ireland"),
        Write(0.9, "ireland", "a", "2", done=True, home="ireland"),
        Write(2.5, "sydney", "a", "3", done=False, home="ireland"),
    ],
    heard=[
        Announcement(0.5, "sydney", "x", "a", 1, "1"),
        Announcement(2.9, "sydney", "y", "a", 2, "2"),
    ],
    differing=[(0.0, 0), (1.5, 2)],
    marks=[(1.0, "cut <ireland> & sydney")],
)
FINDINGS = [Finding("nothing is <lost>", True, "2 changes"), Finding("order", False, "1 & more")]
REPORT = Report("split", "both sides write", FINDINGS, OBSERVED)


def test_the_report_for_programs_has_findings_and_what_there_was_against_time() -> None:
    assert json.loads(json.dumps(REPORT.as_json())) == {
        "drill": "split",
        "shows": "both sides write",
        "held": False,
        "findings": [
            {"promise": "nothing is <lost>", "held": True, "counted": "2 changes"},
            {"promise": "order", "held": False, "counted": "1 & more"},
        ],
        "marks": [[1.0, "cut <ireland> & sydney"]],
        "series": {
            "writes a second, by the Region that served them": {
                "ireland": [[0, 2]],
                "sydney": [],
            },
            "writes a second of each Region's clients that another one served": {
                "ireland's in sydney": [],
                "sydney's in ireland": [],
            },
            "writes that failed, a second": {"ireland": [], "sydney": [[0, 0], [1, 0], [2, 1]]},
            "announcements a second": {"ireland": [], "sydney": [[0, 1], [1, 0], [2, 1]]},
            "the longest way from an answered write to its announcement, seconds": {
                "ireland": [],
                "sydney": [[0, 0.3], [2, 2.0]],
            },
            "items that differ between Regions": {"items": [[0.0, 0], [1.5, 2]]},
        },
    }


def test_the_page_has_every_finding_and_every_plot_and_nothing_breaks_out_of_it() -> None:
    page = REPORT.as_html()
    assert "split: the promise did not hold" in page
    assert page.count("<svg") == 6
    assert "nothing is &lt;lost&gt;" in page
    assert "<ireland>" not in page


def test_a_plot_is_well_formed_and_stays_within_its_frame() -> None:
    drawn = ET.fromstring(plot("a & b", {"x": [(0, 0), (10, 5)], "none": []}, [(4, "cut")]))
    lines = {each.attrib["points"] for each in drawn.iterfind(".//{*}polyline")}
    assert lines == {"40.0,194.0 760.0,34.0", ""}
    assert drawn.attrib["viewBox"] == "0 0 770 226"


def test_marks_that_are_near_take_turns_on_two_lines_and_the_last_ends_with_the_plot() -> None:
    marks = [(1.0, "throttle"), (1.1, "fail"), (5.0, "drained"), (9.9, "healed")]
    drawn = ET.fromstring(plot("a", {"x": [(0, 0), (10, 5)]}, marks))
    texts = {each.text: each.attrib for each in drawn.iterfind(".//{*}text")}
    assert [texts[what]["y"] for _, what in marks] == ["208", "221", "208", "208"]
    assert [texts[what].get("text-anchor") for _, what in marks] == [None, None, None, "end"]


def test_the_picture_has_who_served_whom_and_who_heard_on_white() -> None:
    drawn = ET.fromstring(REPORT.as_svg())
    titles = [each.text for each in drawn.iterfind(".//{*}text[@font-weight]")]
    assert titles == [
        "writes a second, by the Region that served them",
        "announcements a second",
    ]
    assert [each.attrib["transform"] for each in drawn.iterfind("{*}g")] == [
        "translate(0,0)",
        "translate(0,226)",
    ]
    assert drawn.attrib["viewBox"] == "0 0 770 452"
    assert [each.attrib["fill"] for each in drawn.iterfind("{*}rect")] == ["#fff"]


def test_the_picture_in_the_docs_is_one_that_the_command_leaves() -> None:
    there = ET.fromstring((ROOT / "docs" / "region-loss.svg").read_text())
    assert there.findtext("{*}title") == "antipode drill region-loss"
    drawn = ET.fromstring(REPORT.as_svg())
    for place in (".", "{*}rect", "{*}g", "{*}g/{*}text[@font-weight]"):
        mine, its = (
            [(each.tag, each.attrib) for each in of.iterfind(place)] for of in (there, drawn)
        )
        assert mine == its


def test_all_are_written_and_a_full_disk_is_an_error(tmp_path: Path) -> None:
    page = REPORT.write(tmp_path / "new" / "folder")
    assert page.read_text() == REPORT.as_html()
    assert json.loads(page.with_suffix(".json").read_text()) == REPORT.as_json()
    assert page.with_suffix(".svg").read_text() == REPORT.as_svg()
    with pytest.raises(OSError, match=r"(?i)not a directory|exists"):
        REPORT.write(page)
