"""What one look finds, against a Region in memory."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from antipode.canary.beat import HEARD_WITHIN_S, SILENT_AFTER_S, Canary, Found
from antipode.canary.errors import GraphqlError, RealtimeError
from antipode.canary.protocol import Told
from antipode.json_values import Json

NOW = 1_795_000_000.0
IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"


def at(seconds_ago: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(NOW - seconds_ago, UTC).isoformat()


@dataclass
class Region:
    """One Region's API: items by their ids, and what a write is announced as."""

    items: dict[str, dict[str, Json]] = field(default_factory=dict)
    announces: bool = True
    refuses: str = ""
    deaf: str = ""
    clock: float = 0.0
    told: deque[Told] = field(default_factory=deque)

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        if self.refuses:
            raise GraphqlError(self.refuses)
        if document.startswith("query"):
            asked = re.findall(r'(r\d): getBeat\(id: "([\w-]+)"\)', document)
            return {name: self.items.get(id_) for name, id_ in asked}
        id_ = (variables or {})["id"]
        if "createBeat" in document:
            self.items[id_] = {"id": id_, "version": 1, "updatedAt": at(0)}
            return {"createBeat": self.items[id_]}
        if id_ not in self.items:
            raise GraphqlError("ConditionalCheckFailedException: no such item")
        item = self.items[id_]
        item |= {"version": item["version"] + 1, "updatedAt": at(0)}
        if self.announces:
            self.told.append(Told("1", {"onUpdateBeat": dict(item)}))
        return {"updateBeat": item}

    @contextmanager
    def listening(
        self, documents: Sequence[str], variables: Mapping[str, Json]
    ) -> Iterator[Region.Ear]:
        [document] = documents
        assert "onUpdateBeat(id: $id)" in document
        if self.deaf:
            raise RealtimeError(self.deaf)
        yield Region.Ear(self)

    @dataclass
    class Ear:
        region: Region

        def told(self, *, timeout: float) -> Told | None:
            if self.region.told:
                self.region.clock += 0.25
                return self.region.told.popleft()
            self.region.clock += timeout
            return None


def look(region: Region) -> Found:
    return Canary(
        api=region,
        region=IRELAND,
        regions=(IRELAND, SYDNEY),
        model="Beat",
        now=lambda: NOW,
        clock=lambda: region.clock,
    ).look()


def beat(seconds_ago: float = 30.0) -> dict[str, Json]:
    return {"version": 7, "updatedAt": at(seconds_ago)}


def test_it_hears_of_its_own_write_and_sees_the_other_regions_last() -> None:
    region = Region({IRELAND: beat(), SYDNEY: beat()})
    assert look(region) == Found(heard={IRELAND: 250}, ages={SYDNEY: 30_000})
    assert region.items[IRELAND]["version"] == 8


def test_the_first_look_of_all_makes_its_item() -> None:
    region = Region({SYDNEY: beat()})
    assert look(region) == Found(heard={IRELAND: 250}, ages={SYDNEY: 30_000})


def test_announcements_of_earlier_writes_are_not_its_own() -> None:
    region = Region({IRELAND: beat(), SYDNEY: beat()})
    region.told.append(Told("1", {"onUpdateBeat": {"version": 7}}))
    region.told.append(Told("1", {"onUpdateBeat": None}))
    assert look(region).heard == {IRELAND: 750}


def test_a_write_that_is_not_announced_is_missing() -> None:
    found = look(Region({IRELAND: beat(), SYDNEY: beat()}, announces=False))
    assert found == Found(
        ages={SYDNEY: 30_000},
        missing={IRELAND: f"its write was not announced within {HEARD_WITHIN_S:g} s"},
    )


def test_an_endpoint_that_lets_nobody_subscribe_is_missing_with_its_words() -> None:
    found = look(Region({IRELAND: beat(), SYDNEY: beat()}, deaf="the connection was refused: no"))
    assert found.missing == {IRELAND: "the connection was refused: no"}


def test_an_api_that_refuses_leaves_nothing_known_of_any_region() -> None:
    assert look(Region(refuses="Unauthorized: no")).missing == {
        IRELAND: "Unauthorized: no",
        SYDNEY: "this Region cannot be asked: Unauthorized: no",
    }


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (None, "no write of it has ever arrived here"),
        ({"updatedAt": None}, "no write of it has ever arrived here"),
        (beat(SILENT_AFTER_S + 1), "its last write that arrived here is 181 s old"),
    ],
)
def test_a_region_that_is_silent_here_is_missing(item: Json, why: str) -> None:
    items = {IRELAND: beat(), **({SYDNEY: item} if item else {})}
    assert look(Region(items)).missing == {SYDNEY: why}


def test_a_region_alone_looks_for_nobody() -> None:
    region = Region({IRELAND: beat()})
    found = Canary(region, IRELAND, (IRELAND,), "Beat", lambda: NOW, lambda: region.clock).look()
    assert found == Found(heard={IRELAND: 250})


def test_the_clocks_of_two_regions_may_disagree() -> None:
    assert look(Region({IRELAND: beat(), SYDNEY: beat(-5)})).ages == {SYDNEY: 0}
