"""One Region's widgets of the dashboard, drawn from the figures of a run of the local world.

CloudWatch draws a point a minute. A run here takes a minute or two: so a point stands for seconds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from antipode_tools.world.drills.plots import Points, picture
from bench.figures import percentile

# Seconds that one point of a metric stands for.
PERIOD_S = 5


@dataclass(frozen=True)
class Look:
    """What there was to see in one moment.

    Args:
        at: seconds since the run began.
        age_ms: of the oldest record that the relay was not done with.
        set_aside: messages in the undelivered queue.
        connections: of clients.
    """

    at: float
    age_ms: float
    set_aside: int
    connections: int


@dataclass(frozen=True)
class Metric:
    """Values that the relay wrote in one line of its log.

    Args:
        source: the Region that took the write, of a lag; else empty.
    """

    at: float
    name: str
    source: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Figures:
    """A run, as one Region saw it.

    Args:
        region: its name.
        names: of all Regions, by their codes.
        marks: what was done to the world, and when.
    """

    region: str
    names: Mapping[str, str]
    looks: Sequence[Look]
    metrics: Sequence[Metric]
    marks: Sequence[tuple[float, str]] = ()

    def as_json(self) -> str:
        """All of it, to be drawn again."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `as_json` wrote."""
        told = json.loads(text)
        return cls(
            region=told["region"],
            names=told["names"],
            looks=[Look(**each) for each in told["looks"]],
            metrics=[
                Metric(**{**each, "values": tuple(each["values"])}) for each in told["metrics"]
            ],
            marks=[(at, what) for at, what in told["marks"]],
        )


def metrics_of(log: Iterable[str], since: float) -> list[Metric]:
    """The metrics in the lines of a relay's log.

    Args:
        since: when the run began, in seconds since 1970; what is older is left out.
    """
    found = []
    for line in log:
        blob = _json(line)
        if "_aws" not in blob or (at := blob["_aws"]["Timestamp"] / 1000 - since) < 0:
            continue
        for directive in blob["_aws"]["CloudWatchMetrics"]:
            for metric in directive["Metrics"]:
                name = metric["Name"]
                source = blob.get("SourceRegion", "")
                found.append(Metric(at, name, source, tuple(map(float, blob[name]))))
    return found


def widgets(figures: Figures) -> Mapping[str, Mapping[str, Points]]:
    """The lines of each widget, by its title: those of the dashboard in template.yaml."""
    return {
        "milliseconds from a write to its announcement here, p99, by source Region": {
            name: _points(figures, "ReplicationLag", lambda values: percentile(values, 99), code)
            for code, name in figures.names.items()
        },
        f"what became of changes, each {PERIOD_S} seconds": {
            name: _points(figures, name, sum)
            for name in ("Published", "Retried", "Failed", "Undelivered")
        },
        "how far behind the relay is: the iterator age, milliseconds": {
            "IteratorAge": [(look.at, look.age_ms) for look in figures.looks]
        },
        "set aside: changes that could not be published": {
            "undelivered": [(look.at, look.set_aside) for look in figures.looks]
        },
        "connections": {"clients": [(look.at, look.connections) for look in figures.looks]},
    }


def drawn(figures: Figures) -> str:
    """The widgets below each other, as SVG."""
    title = f"{figures.region}, as its dashboard shows it"
    return picture(widgets(figures), figures.marks, title)


def _points(
    figures: Figures,
    name: str,
    of: Callable[[list[float]], float],
    source: str = "",
) -> Points:
    """One point for each period in which there are values, at its end."""
    periods: dict[int, list[float]] = defaultdict(list)
    for metric in figures.metrics:
        if (metric.name, metric.source) == (name, source):
            periods[int(metric.at // PERIOD_S)] += metric.values
    return [((number + 1) * PERIOD_S, of(values)) for number, values in sorted(periods.items())]


def _json(line: str) -> Mapping[str, Any]:
    """A line of JSON; nothing of any other."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
