"""The promise of a backfill, whatever is throttled, wherever it is killed, whoever else writes.

Random items lie at the source, others at the target. Between any two calls a client may write to
the target or delete there, and the old application may write to both tables or delete from both,
the source first. Runs are killed before any call, and the next goes on from what was kept. In the
end every item of the source is at the target, unless that has a newer one; nothing that was newer
was ever written over, and nothing is back that was deleted from both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.backfill import copying
from antipode_tools.operate.backfill.deciding import is_newer
from antipode_tools.operate.backfill.ports import Item
from antipode_tools.operate.backfill.state import Segment, State
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.backfill.tables import FORM, MemoryTable, item, reader

IDS = [f"i{n}" for n in range(4)]
items = st.dictionaries(st.sampled_from(IDS), st.integers(0, 20), min_size=2, max_size=len(IDS))


class Killed(BaseException):
    """The end of a process, which runs nothing any more."""


@dataclass(frozen=True)
class Deed:
    """What happens before a call of a backfill's."""

    kind: str
    id: str = ""


deeds = st.lists(
    st.one_of(
        st.builds(
            Deed,
            st.sampled_from(["written there", "written to both", "deleted from both"]),
            st.sampled_from(IDS),
        ),
        st.builds(Deed, st.sampled_from(["nothing", "killed"])),
    ),
    min_size=10,
    max_size=40,
)


@dataclass
class World:
    """Both tables, and what is done to them meanwhile."""

    source: MemoryTable
    target: MemoryTable
    deeds: Iterator[Deed]
    now: int = 20  # later than all that was there at first
    deleted: set[str] = field(default_factory=set)
    latest: dict[str, Item] = field(default_factory=dict)
    second_half: list[Callable[[], None]] = field(default_factory=list)

    def before(self, _: str) -> None:
        # What goes to both tables goes to the source, then, some calls later, to the target.
        while self.second_half:
            self.second_half.pop()()
        self.now += 1
        match next(self.deeds, Deed("nothing")):
            case Deed("killed"):
                raise Killed
            case Deed("written there", id_):
                self._write(self.target, item(id_, self.now))
            case Deed("written to both", id_):
                new = item(id_, self.now)
                self._write(self.source, new)
                self.second_half.append(lambda: self._write(self.target, new))
            case Deed("deleted from both", id_):
                self.source.items.pop(self.source.name_of(item(id_)), None)
                self.second_half.append(lambda: self._delete(id_))

    def _write(self, table: MemoryTable, new: Item) -> None:
        """As the API does: never back in time, and with another version."""
        there = table.items.get(table.name_of(new))
        if there is None or is_newer(new["updatedAt"], there["updatedAt"]):
            table.fill([{**new, "version": {"N": str(self.now)}}])
            if table is self.target:
                self.latest[new["id"]["S"]] = new
                self.deleted.discard(new["id"]["S"])

    def _delete(self, id_: str) -> None:
        self.target.items.pop(self.target.name_of(item(id_)), None)
        self.latest.pop(id_, None)
        self.deleted.add(id_)


def run(world: World, kept: list[State]) -> bool:
    """One run from what was kept; whether it came to its end."""
    world.source.before = world.target.before = world.before
    backfill = copying.Backfill(
        world.source, world.target, FORM, kept.append, lambda *_: None, reader(Clock(1000.0))
    )
    try:
        backfill.run(kept[-1])
    except Killed:
        return False
    return True


def newest(table: MemoryTable) -> dict[str, Item]:
    return {each["id"]["S"]: each for each in table.items.values()}


@given(items, items, deeds, st.lists(st.booleans(), max_size=30))
def test_every_item_is_there_unless_something_newer_is(
    source: dict[str, int], target: dict[str, int], done: list[Deed], throttled: list[bool]
) -> None:
    throttling = iter(throttled)
    world = World(
        MemoryTable().fill(item(*each) for each in source.items()),
        MemoryTable(throttles=lambda: next(throttling, False)).fill(
            item(id_, second, text="there") for id_, second in target.items()
        ),
        iter(done),
    )
    world.latest.update(newest(world.target))
    kept = [State("tables", (Segment(),) * 3)]
    while not run(world, kept):
        pass
    for half in world.second_half:
        half()
    ours, theirs = newest(world.source), newest(world.target)
    for id_, mine in ours.items():
        assert id_ in theirs
        assert not is_newer(mine["updatedAt"], theirs[id_]["updatedAt"])
    for id_, written in world.latest.items():
        assert not is_newer(written["updatedAt"], theirs[id_]["updatedAt"])
    assert not {id_ for id_ in world.deleted if id_ in theirs and id_ not in ours}
