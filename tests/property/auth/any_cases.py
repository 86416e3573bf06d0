"""Two models with whatever rules, their items, and what callers try with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from tests.property.auth.any_rules import GROUPS, NAMES, auth, caller, rules
from tests.property.auth.rules import EVERYTHING, USERS, Caller, Guard, Item, Wanted

Json = Any

TEXTS = ("one", "two")
IDS = ("1", "2", "3", "4", "5")
DOES = (
    "create",
    "create",
    "update",
    "update",
    "delete",
    "get",
    "list",
    "notesByOwner",
    "notesByTeam",
    "notesByText",
    "board",
    "notes",
    "onCreateNote",
    "onUpdateNote",
    "onDeleteNote",
)
_OPERATIONS = ("create", "update", "delete", "read", "get", "list", "listen")
# Those that know users more often: they have more rules.
_MODES = [*USERS, *AuthMode]


@dataclass(frozen=True)
class Step:
    """What a caller tries with a note, or with several.

    Attributes:
        do: create, update, delete, get, list, the query of an index, a relation, or a subscription.
        owner: that of the note's key, where owners are in it; by which an index or a subscription
            is asked.
        given: the other fields of the input; of an announcement, what the note is.
        was: what it was before that.
        wanted: what the condition or the filter asks for.
        alias: under which name the answer is asked for.
    """

    caller: Caller
    do: str
    id: str
    owner: str | None
    given: Item
    was: Item
    wanted: Wanted
    alias: str


@dataclass(frozen=True)
class Case:
    """Notes and boards with their rules, and what is tried in turn. Where `keyed`, a note's owner
    is the partition of its key; where `sorted`, the index by teams is in the order of owners."""

    keyed: bool
    sorted: bool
    note: Guard
    board: Guard
    notes: Sequence[Item]
    boards: Sequence[Item]
    steps: Sequence[Step] = field(repr=False)

    @property
    def asks_by_owner(self) -> bool:
        """Whether subscriptions have the owner as an argument: not where a field's rules alone look
        at it."""
        of_fields = [rule.field for rules in self.note.fields.values() for rule in rules]
        return "owner" not in of_fields or "owner" in [rule.field for rule in self.note.rules or ()]

    @property
    def source(self) -> str:
        """The models' file."""
        by_owner = '@index(name: "byOwner", queryField: "notesByOwner")'
        sorts = ', sortKeyFields: ["owner"]' if self.sorted else ""
        owner = '! @primaryKey(sortKeyFields: ["id"])' if self.keyed else f" {by_owner}"
        return f"""
            type Note @model {auth(self.note.rules)} {{
              id: ID!
              owner: String{owner}
              author: String
              editors: [String]
              team: String @index(name: "byTeam"{sorts}, queryField: "notesByTeam")
              teams: [String]
              text: String @index(name: "byText", queryField: "notesByText")
              secret: String {auth(self.note.fields.get("secret"))}
              boardId: ID @index(name: "byBoard")
              board: Board @belongsTo(fields: ["boardId"])
            }}
            type Board @model {auth(self.board.rules)} {{
              id: ID!
              owner: String
              author: String
              editors: [String]
              team: String
              teams: [String]
              text: String
              notes: [Note] @hasMany(indexName: "byBoard", fields: ["id"])
            }}
        """


def any_case(random: Random, steps: int) -> Case:
    """Two models, and so many things that are tried."""
    api = tuple(dict.fromkeys(random.choices(_MODES, k=random.choice([1, 1, 2, 3]))))
    secret = random.choice([None, rules(random, api, ("create", "update", "read"))])
    note = Guard(api, rules(random, api, _OPERATIONS), {} if secret is None else {"secret": secret})
    board = Guard(api, random.choice([None, rules(random, api, _OPERATIONS)]))
    keyed, ordered = random.random() < 0.3, random.random() < 0.3
    notes = [{"owner": "ada", **_item(random), "id": id_} for id_ in IDS[:3]]
    if not keyed:
        notes[0].pop("owner")
    boards = [{**_item(random), "id": id_} for id_ in IDS[:2]]
    known = [caller(random, api) for _ in range(4)]
    tried = [_step(random, random.choice(known)) for _ in range(steps)]
    return Case(keyed, ordered, note, board, notes, boards, tried)


def _step(random: Random, caller: Caller) -> Step:
    given = _item(random)
    if random.random() < 0.5:
        given = {name: given[name] for name in ("text", "author") if name in given}
    given |= {name: None for name in _FIELDS if random.random() < 0.05}
    asked = [name for name in ("text", "author", "team") if random.random() < 0.4]
    some = Wanted({name: _FIELDS[name](random) for name in asked}, random.random() < 0.5)
    ids: Sequence[str] = IDS
    wanted = random.choice([EVERYTHING, EVERYTHING, EVERYTHING, some])
    do = random.choice(DOES)
    if do == "create" and random.random() < 0.8:
        # What is not there yet, of which no condition holds.
        ids, wanted = IDS[3:], EVERYTHING
    return Step(
        caller=caller,
        do=do,
        id=random.choice(ids),
        owner=random.choice([None, random.choice(NAMES)]),
        given=given,
        was=_item(random),
        wanted=wanted,
        alias=random.choice(["x", "owner"]),
    )


_FIELDS: Mapping[str, Callable[[Random], Json]] = {
    "owner": lambda random: random.choice(NAMES),
    "author": lambda random: random.choice(NAMES),
    "editors": lambda random: random.choices(NAMES, k=random.randint(0, 3)),
    "team": lambda random: random.choice(GROUPS),
    "teams": lambda random: random.choices(GROUPS, k=random.randint(0, 3)),
    "text": lambda random: random.choice(TEXTS),
    "secret": lambda random: random.choice(TEXTS),
    "boardId": lambda random: random.choice(IDS),
}


def _item(random: Random) -> dict[str, Json]:
    """Some fields of a note or a board."""
    return {name: of(random) for name, of in _FIELDS.items() if random.random() < 0.6}
