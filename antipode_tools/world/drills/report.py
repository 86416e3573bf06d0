"""A drill's report: JSON for programs, a page with plots for people, and a picture."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from antipode_tools.world.drills.observed import Observed
from antipode_tools.world.drills.plots import Points, picture, plot
from antipode_tools.world.drills.verdict import Finding

_SERVED = "writes a second, by the Region that served them"
_ANNOUNCED = "announcements a second"
_PICTURED = (_SERVED, _ANNOUNCED)


@dataclass(frozen=True)
class Report:
    """What came of a drill.

    Args:
        name: of the drill.
        shows: what it is for.
    """

    name: str
    shows: str
    findings: Sequence[Finding]
    observed: Observed

    @property
    def held(self) -> bool:
        """Whether the whole promise did."""
        return all(finding.held for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For programs: findings, and what the plots show."""
        return {
            "drill": self.name,
            "shows": self.shows,
            "held": self.held,
            "findings": [asdict(finding) for finding in self.findings],
            "marks": [list(mark) for mark in self.observed.marks],
            "series": {
                title: {name: [list(point) for point in points] for name, points in lines.items()}
                for title, lines in series(self.observed).items()
            },
        }

    def as_html(self) -> str:
        """One page that needs nothing else."""
        rows = "\n".join(
            f"<tr><td>{'✔' if each.held else '✖'}</td><td>{escape(each.promise)}</td>"
            f"<td>{escape(each.counted)}</td></tr>"
            for each in self.findings
        )
        plots = "\n".join(
            plot(title, lines, self.observed.marks)
            for title, lines in series(self.observed).items()
        )
        verdict = "held" if self.held else "did not hold"
        return (
            "<!doctype html>\n"
            f'<html lang="en"><meta charset="utf-8"><title>{escape(self.name)}</title>\n'
            "<style>body{font:15px sans-serif;max-width:50em;margin:2em auto}"
            "td{padding:.2em .6em;vertical-align:top}svg{margin-top:1.5em}</style>\n"
            f"<h1>{escape(self.name)}: the promise {verdict}</h1>\n<p>{escape(self.shows)}</p>\n"
            f"<table>\n{rows}\n</table>\n{plots}\n</html>\n"
        )

    def as_svg(self) -> str:
        """A picture for a page of documentation: who served whom, and who heard."""
        plots = {title: series(self.observed)[title] for title in _PICTURED}
        return picture(plots, self.observed.marks, f"antipode drill {self.name}")

    def write(self, folder: Path) -> Path:
        """Write all three; returns the page. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.as_json(), indent=2)
        folder.joinpath(f"{self.name}.json").write_text(text, encoding="utf-8")
        folder.joinpath(f"{self.name}.svg").write_text(self.as_svg(), encoding="utf-8")
        page = folder / f"{self.name}.html"
        page.write_text(self.as_html(), encoding="utf-8")
        return page


def series(observed: Observed) -> Mapping[str, Mapping[str, Points]]:
    """What there is to see against time: the lines of each plot, by its title."""
    answered = {(w.item, w.text): w.at for w in observed.writes if w.done}
    took: dict[str, dict[int, float]] = {region: {} for region in observed.regions}
    for each in observed.heard:
        if (since := answered.get((each.item, each.text))) is not None:
            second, seconds = int(each.at), max(0.0, each.at - since)
            took[each.region][second] = max(seconds, took[each.region].get(second, 0.0))
    return {
        _SERVED: {
            region: _a_second(w.at for w in observed.writes if w.done and w.region == region)
            for region in observed.regions
        },
        "writes a second of each Region's clients that another one served": {
            f"{home}'s in {region}": _a_second(
                w.at for w in observed.writes if w.done and (w.home, w.region) == (home, region)
            )
            for home in observed.regions
            for region in observed.regions
            if home != region
        },
        "writes that failed, a second": {
            region: _a_second(w.at for w in observed.writes if not w.done and w.region == region)
            for region in observed.regions
        },
        _ANNOUNCED: {
            region: _a_second(each.at for each in observed.heard if each.region == region)
            for region in observed.regions
        },
        "the longest way from an answered write to its announcement, seconds": {
            region: sorted(longest.items()) for region, longest in took.items()
        },
        "items that differ between Regions": {"items": list(observed.differing)},
    }


def _a_second(times: Iterable[float]) -> Points:
    counts = Counter(int(at) for at in times)
    return [(second, counts[second]) for second in range(max(counts, default=-1) + 1)]
