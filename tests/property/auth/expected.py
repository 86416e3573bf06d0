"""What the rules say that callers are told of notes and boards, and what the tables hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.property.auth.any_cases import Case, Step
from tests.property.auth.rules import EVERYTHING, Answer, Caller, Guard, Item, Wanted
from tests.property.auth.told import NOTHING, Told, named, refused, together

Json = Any
Key = tuple[str | None, str]

_ERRORS = {
    Answer.UNAUTHORIZED: "Unauthorized",
    Answer.UNMET: "DynamoDB:ConditionalCheckFailedException",
}
_OF_BOARD = ("id", "owner", "author", "editors", "team", "teams", "text")
_OF_NOTE = (*_OF_BOARD, "boardId")
# What is asked for: a field under another name, too, by which nothing is less hidden.
BOARD, NOTE = " ".join(_OF_BOARD), f"{' '.join(_OF_NOTE)} told: secret"


class Expected:
    """What a case's tables hold, and what is told of it."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.notes = {self.key(note): note for note in case.notes}
        self.boards: Mapping[Key, Item] = {(None, board["id"]): board for board in case.boards}

    def key(self, item: Item) -> Key:
        return item.get("owner") if self._case.keyed else None, item["id"]

    def owns(self, step: Step) -> bool:
        """Whether a note that the caller creates without an owner is theirs."""
        return "owner" in self._case.note.filled(step.caller, {})

    def write(self, step: Step, given: Item) -> Told:
        """The answer to a mutation with this input, after which the tables hold what it leaves."""
        guard, caller, wanted = self._case.note, step.caller, step.wanted
        key = self.key(guard.filled(caller, given) if step.do == "create" else given)
        stored = self.notes.get(key)
        match step.do:
            case "create":
                answer, after = guard.create(caller, given, stored, wanted)
            case "update":
                answer, after = guard.update(caller, given, stored, wanted)
            case _:
                answer, after = guard.delete(caller, stored, wanted)
        if answer is not Answer.DONE:
            return refused(_ERRORS[answer])
        if after:
            self.notes[key] = after
        else:
            del self.notes[key]
        return self._note(step, after or stored or {})

    def get(self, step: Step, key: Item) -> Told:
        note = self._found(step, self._case.note, self.notes, self.key(key))
        return note if isinstance(note, Told) else self._note(step, note)

    def get_with_board(self, step: Step, key: Item) -> Told:
        note = self._found(step, self._case.note, self.notes, self.key(key))
        if isinstance(note, Told):
            return note
        of = (None, note.get("boardId") or "")
        board = self._found(step, self._case.board, self.boards, of)
        if not isinstance(board, Told):
            board = Told({name: board.get(name) for name in _OF_BOARD})
        return together([Told({"id": note["id"]}), board.under("board")])

    def get_board_with_notes(self, step: Step) -> Told:
        board = self._found(step, self._case.board, self.boards, (None, step.id))
        if isinstance(board, Told):
            return board
        notes = self.list(step, {"boardId": step.id}, step.wanted)
        return together([Told({"id": step.id}), notes.under("notes")])

    def list(self, step: Step, partition: Item, wanted: Wanted = EVERYTHING) -> Told:
        """A page of notes that have these values, and that the index by them has."""
        entry = self._case.note.entry(step.caller, "list")
        if not entry.possible:
            return refused()
        found = [
            self._note(step, note).under(named(note))
            for note in self.notes.values()
            if Wanted(partition).fits(note) and wanted.fits(note) and entry.opens(note)
            if note.get("owner") or not (self._case.sorted and "team" in partition)
        ]
        return together(found).under("items")

    def announced(self, caller: Caller, item: Item) -> Sequence[Json]:
        """A note as a subscriber may be told it: without the fields that have rules of their own,
        and with them where those let in whoever hears."""
        guard = self._case.note
        without = _told_of({**item, **dict.fromkeys(guard.fields)})
        may = all(guard.entry(caller, "listen", name).opens(item) for name in guard.fields)
        return [without, _told_of(item)] if may else [without]

    def _found(self, step: Step, guard: Guard, held: Mapping[Key, Item], key: Key) -> Item | Told:
        """The item, or what is told instead."""
        entry, item = guard.entry(step.caller, "get"), held.get(key)
        if not entry.possible:
            return refused()
        return item if item is not None and entry.opens(item) else NOTHING

    def _note(self, step: Step, item: Item) -> Told:
        """A note as it is answered, with what the caller is not told of it."""
        withheld = self._case.note.withheld(step.caller, item)
        return together([Told(_told_of(item)), *(refused().under("told") for _ in withheld)])


def _told_of(item: Item) -> Json:
    return {**{name: item.get(name) for name in _OF_NOTE}, "told": item.get("secret")}
