"""How far a backfill is: what a run that was broken off leaves to the next one."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from antipode_tools.operate.backfill.ports import Item, Key
from antipode_tools.operate.stacks.errors import OperationError

FORMAT = 1
# Scans of as many parts of the source go on side by side, so that writes do not all go to one
# partition of the target: a scan reads in the order in which both tables spread their items.
SEGMENTS = 8
# That many items without a key are named; all are counted.
MOST_NAMED = 20


@dataclass(frozen=True)
class Segment:
    """A part of the source.

    Args:
        last: the key up to which it is copied.
    """

    last: Key | None = None
    done: bool = False


@dataclass(frozen=True)
class Tally:
    """What became of the items that were read.

    Args:
        there: the target had them just so.
        newer: the target had something newer, or deleted it meanwhile.
        deleted: DataStore had deleted them.
        withdrawn: deleted at the source while they were copied, so deleted at the target again.
        unfit: those without the model's key.
        named: some of these, and why.
    """

    read: int = 0
    written: int = 0
    there: int = 0
    newer: int = 0
    deleted: int = 0
    withdrawn: int = 0
    unfit: int = 0
    named: tuple[str, ...] = ()

    def plus(self, **more: int) -> Tally:
        """With so many more of each."""
        return replace(self, **{name: getattr(self, name) + n for name, n in more.items()})


@dataclass(frozen=True)
class State:
    """Where a backfill is.

    Args:
        tables: what tells both tables from others of their names.
        pending: what was about to be written when this was kept, by its keys and stamps.
    """

    tables: str
    segments: tuple[Segment, ...] = field(default=(Segment(),) * SEGMENTS)
    tally: Tally = field(default_factory=Tally)
    pending: tuple[Item, ...] = ()

    @property
    def done(self) -> bool:
        return all(segment.done for segment in self.segments)

    def as_text(self) -> str:
        """The form in a file."""
        segments = [
            {"last": each.last and _plain(each.last), "done": each.done} for each in self.segments
        ]
        told = {"format": FORMAT, "tables": self.tables, "segments": segments}
        pending = [_plain(each) for each in self.pending]
        return json.dumps(told | {"tally": asdict(self.tally), "pending": pending})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads what `as_text` wrote.

        Raises:
            ValueError, KeyError, TypeError or AttributeError: it did not.
        """
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']}")
        segments = tuple(
            Segment(each["last"] and _attributes(each["last"]), each["done"])
            for each in told["segments"]
        )
        if not segments:
            raise ValueError("no segments")
        tally = Tally(**{**told["tally"], "named": tuple(told["tally"]["named"])})
        pending = tuple(_attributes(each) for each in told["pending"])
        return cls(told["tables"], segments, tally, pending)


@dataclass(frozen=True)
class StateFile:
    """Where the state is kept between two runs."""

    path: Path

    def read(self) -> State | None:
        """The state that was kept; None if there is none.

        Raises:
            OperationError: it cannot be read.
        """
        try:
            return State.from_text(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise OperationError(
                f"{self.path} cannot be read, so it is not known how far the backfill is"
                f" ({error}): remove it to begin anew"
            ) from error

    def keep(self, state: State) -> None:
        """Writes it whole or not at all.

        Raises:
            OperationError: it cannot be written.
        """
        new = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                file.write(state.as_text())
                file.flush()
                os.fsync(file.fileno())
            new.rename(self.path)
        except OSError as error:
            raise OperationError(f"cannot keep how far the backfill is: {error}") from error


def _plain(attributes: Item) -> dict[str, Any]:
    """Keys and stamps, with binary values as base64."""
    return {
        name: {type_: _encoded(content) for type_, content in value.items()}
        for name, value in attributes.items()
    }


def _encoded(content: Any) -> Any:
    return base64.b64encode(content).decode() if isinstance(content, bytes) else content


def _attributes(told: Mapping[str, Mapping[str, Any]]) -> Item:
    return {
        name: {
            type_: base64.b64decode(content) if type_ == "B" else content
            for type_, content in value.items()
        }
        for name, value in told.items()
    }
