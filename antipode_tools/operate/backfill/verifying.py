"""Whether a model's table holds what the source holds, or something newer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from antipode_tools.operate.backfill.deciding import Form, Left, identity, is_deleted
from antipode_tools.operate.backfill.digests import Parts, part_of
from antipode_tools.operate.backfill.ports import Expected, Item, Readable
from antipode_tools.operate.backfill.reading import Reader

# Of the parts that differ, as many are looked at again as hold so many items of both tables.
MOST_HELD = 200_000
MOST_NAMED = 100


@dataclass(frozen=True)
class Differences:
    """The keys of what is not the same, of the parts that were looked at.

    Args:
        missing: at the source alone.
        older: otherwise at the target, and not newer there.
        newer: at the target, as clients write it.
        added: at the target alone.
    """

    missing: Sequence[str] = ()
    older: Sequence[str] = ()
    newer: Sequence[str] = ()
    added: Sequence[str] = ()


@dataclass(frozen=True)
class Verdict:
    """What a comparison found.

    Args:
        left_out: of the source, without the model's key or deleted by DataStore.
        parts: that differ, and how many of them were looked at.
    """

    source: int
    target: int
    left_out: int
    parts: tuple[int, int]
    differences: Differences

    @property
    def holds(self) -> bool:
        """Whether nothing is missing and nothing is older."""
        different, looked_at = self.parts
        found = self.differences
        return looked_at == different and not (found.missing or found.older)


@dataclass(frozen=True)
class Verification:
    """Compares two tables by count and digest, then item by item where they differ.

    Args:
        watch: called now and then with how many items were read.
    """

    source: Readable
    target: Readable
    form: Form
    reader: Reader
    watch: Callable[[int], None]
    most_held: int = MOST_HELD

    def run(self) -> Verdict:
        """Reads both tables, and what differs once more.

        Raises:
            OperationError: AWS refuses something.
        """
        ours, theirs = Parts(), Parts()
        read = left_out = 0
        for table, parts in ((self.source, ours), (self.target, theirs)):
            for item in self.reader.everything(table):
                read += 1
                taken = self._taken(table, item)
                if taken is None:
                    left_out += 1
                else:
                    parts.add(identity(self.form.key_of(taken)), taken)
                self.watch(read)
        different = ours.different(theirs)
        chosen = self._chosen(different, ours, theirs)
        differences = self._differences(set(chosen)) if chosen else Differences()
        return Verdict(
            ours.count, theirs.count, left_out, (len(different), len(chosen)), differences
        )

    def _taken(self, table: Readable, item: Item) -> Item | None:
        """What of the source is to be at the target; None if nothing is."""
        if table is not self.source:
            return item
        return None if self.form.unfit(item) or is_deleted(item) else self.form.taken(item)

    def _chosen(self, different: Sequence[int], *tables: Parts) -> list[int]:
        """As many parts as memory holds, one at least."""
        chosen: list[int] = []
        held = 0
        for part in different:
            held += sum(parts.counts[part] for parts in tables)
            if chosen and held > self.most_held:
                break
            chosen.append(part)
        return chosen

    def _differences(self, parts: set[int]) -> Differences:
        ours = self._held(self.source, parts)
        theirs = self._held(self.target, parts)
        decided = {name: self.form.decide(item, theirs.get(name)) for name, item in ours.items()}
        both = {name: found for name, found in decided.items() if name in theirs}
        newer = {
            name
            for name, found in both.items()
            if found is Left.NEWER and self._is_newer_there(theirs[name], ours[name])
        }
        return Differences(
            missing=_sorted(name for name in decided if name not in theirs),
            older=_sorted(
                name
                for name, found in both.items()
                if name not in newer and found is not Left.THERE
            ),
            newer=_sorted(newer),
            added=_sorted(theirs.keys() - ours.keys()),
        )

    def _is_newer_there(self, there: Item, item: Item) -> bool:
        return isinstance(self.form.decide(there, item), Expected)

    def _held(self, table: Readable, parts: set[int]) -> Mapping[str, Item]:
        """The items of these parts."""
        held: dict[str, Item] = {}
        for each in self.reader.everything(table):
            item = self._taken(table, each)
            if item is None:
                continue
            name = identity(self.form.key_of(item))
            # Of several items with one key in the model's table, the newest counts.
            if part_of(name) in parts and (
                name not in held or isinstance(self.form.decide(item, held[name]), Expected)
            ):
                held[name] = item
        return held


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
