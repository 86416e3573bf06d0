"""What was written, heard and read in a drill: all that its verdict and its report know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# An item's id, and its text.
Items = Mapping[str, str]


@dataclass(frozen=True)
class Write:
    """A client's write.

    Args:
        at: when it was answered, in seconds from the drill's beginning, as all times here.
        region: the name of the Region that served it, or was asked, as in all that follows.
        done: whether the answer was a success.
        home: the Region that the client is nearest to.
    """

    at: float
    region: str
    item: str
    text: str
    done: bool
    home: str


@dataclass(frozen=True)
class Record:
    """A record of a Region's stream, by the id that its announcement carries."""

    region: str
    change: str
    item: str
    sequence: int


@dataclass(frozen=True)
class Announcement:
    """What a subscriber of a Region heard."""

    at: float
    region: str
    change: str
    item: str
    sequence: int
    text: str


@dataclass(frozen=True)
class Drain:
    """How a Region's relay caught up once its AppSync was back.

    Args:
        ended: None, if it did not.
        waiting: how many changes had not been announced when it began.
        rate: how many changes a second its PublishRate allows.
    """

    region: str
    began: float
    ended: float | None
    waiting: int
    rate: float


@dataclass(frozen=True)
class Observed:
    """A whole drill.

    Args:
        regions: their names.
        streams: in the order of each Region's stream.
        heard: in the order in which it came.
        tables: what each Region holds in the end.
        copies: what each client that is at home in a Region holds in the end, by its language.
        deaf: Regions whose subscriber was cut off for a while; its client queried again.
        undelivered: how many changes each Region's relay set aside.
        differing: at some times, how many items were not the same everywhere.
        marks: when something was broken or mended, and what.
        drain: where a backlog was drained.
    """

    regions: Sequence[str]
    writes: Sequence[Write] = ()
    streams: Sequence[Record] = ()
    heard: Sequence[Announcement] = ()
    tables: Mapping[str, Items] = field(default_factory=dict)
    copies: Mapping[str, Mapping[str, Items]] = field(default_factory=dict)
    deaf: frozenset[str] = frozenset()
    undelivered: Mapping[str, int] = field(default_factory=dict)
    differing: Sequence[tuple[float, int]] = ()
    marks: Sequence[tuple[float, str]] = ()
    drain: Drain | None = None
