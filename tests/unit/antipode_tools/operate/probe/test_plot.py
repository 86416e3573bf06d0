from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from antipode_tools.operate.probe.matrix import Cell
from antipode_tools.operate.probe.plot import Scale, as_svg, in_terminal

MATRIX = {"sydney": {"ireland": Cell([20, 21, 90]), "sydney": Cell([20], lost=2)}}
SVG = "{http://www.w3.org/2000/svg}"


def test_a_scale_spans_whole_powers_of_ten() -> None:
    assert Scale.of(MATRIX).ticks == [10, 100]
    assert Scale.of({"a": {"a": Cell([])}}).ticks == [1, 10]
    assert Scale.of({"a": {"a": Cell([7, 1001])}}).ticks == [1, 10, 100, 1000, 10_000]


def test_each_pair_has_a_line_and_the_ruler_is_below() -> None:
    assert in_terminal(MATRIX) == [
        "sydney → ireland │              ██" + " " * 29 + "█" + " " * 2 + "│",
        "sydney → sydney  │              █" + " " * 33 + "│",
        "                  10 ms" + " " * 42 + "100 ms",
    ]


def test_a_picture_has_a_dot_for_each_announcement_and_says_what_was_lost() -> None:
    svg = ElementTree.fromstring(as_svg(MATRIX, "a < b"))
    assert len(svg.findall(f"{SVG}circle")) == 4
    texts = [each.text for each in svg.findall(f"{SVG}text")]
    assert texts == ["a < b", "10 ms", "100 ms", "sydney → ireland", "sydney → sydney", "2 lost"]
    assert [title.text for title in svg.iter(f"{SVG}title")] == [
        "p50 21 ms",
        "p99 90 ms",
        "p50 20 ms",
        "p99 20 ms",
    ]


def test_nothing_heard_is_a_picture_too() -> None:
    assert ElementTree.fromstring(as_svg({"a": {"a": Cell([], lost=1)}}, "")).tag == f"{SVG}svg"
