"""The rules of @auth, in Python: who may do what with an item, and what they see.

They are written from docs/authorization.md alone; test_rules.py holds the compiler and the
resolvers to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from antipode_tools.project.auth_mode import AuthMode

Json = Any
Item = Mapping[str, Json]

READ = frozenset({"get", "list", "listen"})
ALL = READ | {"create", "update", "delete"}
USERS = (AuthMode.AWS_LAMBDA, AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.OPENID_CONNECT)
# Of a claim that names somebody by two others.
BOTH = "sub::username"


class Answer(StrEnum):
    """How a write ends: UNMET is a condition that failed, the client's or that of the write."""

    DONE = "done"
    UNMET = "unmet"
    UNAUTHORIZED = "unauthorized"


@dataclass(frozen=True)
class Rule:
    """A rule as @auth has it. `field` and `many` are of the item's owners or groups."""

    allow: str
    operations: frozenset[str] = ALL
    provider: AuthMode | None = None
    field: str | None = None
    many: bool = False
    claim: str | None = None
    groups: tuple[str, ...] = ()

    def modes(self, api: tuple[AuthMode, ...]) -> frozenset[AuthMode]:
        """Those that it is for, in an API whose first mode is its default."""
        if self.provider:
            return frozenset({self.provider})
        if self.allow in ("public", "custom"):
            return frozenset({AuthMode.API_KEY if self.allow == "public" else AuthMode.AWS_LAMBDA})
        default = api[:1] if self.allow != "groups" else ()
        return frozenset(
            mode for mode in api if mode in USERS or (mode is AuthMode.AWS_IAM and mode in default)
        )


@dataclass(frozen=True)
class Caller:
    """Whoever calls: `name` is `sub`, or an identity of IAM's; nobody has one with an API key."""

    mode: AuthMode
    name: str | None = None
    claims: Mapping[str, Json] = field(default_factory=dict)

    def names(self, rule: Rule) -> list[str]:
        """By which the caller is an owner; the first is the one that is written."""
        if rule.claim is None:
            return [self.name] if self.name else []
        if rule.claim != BOTH:
            return [each for each in [self.claims.get(rule.claim)] if isinstance(each, str)]
        name = self.name
        username = self.claims.get("username") or self.claims.get("cognito:username")
        both = [f"{name}::{username}", name, username] if name and username else [name]
        return [each for each in both if each]

    def groups(self, rule: Rule) -> list[str]:
        """In which the caller is. A text is one group, and what is no list is none."""
        said = self.claims.get(rule.claim or "cognito:groups")
        listed = [said] if isinstance(said, str) else said
        return listed if isinstance(listed, list) else []


@dataclass(frozen=True)
class Way:
    """By which an item lets a caller in: one of their names, or groups, stands in a field."""

    field: str
    values: tuple[str, ...]
    many: bool

    def opens(self, item: Item) -> bool:
        held = item.get(self.field)
        return any(each in self.values for each in (held or () if self.many else [held]))


@dataclass(frozen=True)
class Entry:
    """Whether a caller may do something: always, or with the items that one of the ways opens."""

    always: bool
    ways: tuple[Way, ...] = ()

    @property
    def possible(self) -> bool:
        return self.always or bool(self.ways)

    def opens(self, item: Item) -> bool:
        return self.always or any(way.opens(item) for way in self.ways)

    def by(self, asked: Item) -> Entry:
        """What is left of the ways of whoever asks for these values alone."""
        ways = (way for way in self.ways if way.field not in asked or way.opens(asked))
        return Entry(self.always, tuple(ways))

    def is_shut_by(self, given: Item) -> bool:
        """Whether no item is open that these fields are written to."""
        others = [way for way in self.ways if way.field not in given]
        return not self.opens(given) and not others


@dataclass(frozen=True)
class Guard:
    """The rules of a model, None without @auth, and of its fields, in an API of these modes."""

    api: tuple[AuthMode, ...]
    rules: tuple[Rule, ...] | None
    fields: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def entry(self, caller: Caller, operation: str, name: str | None = None) -> Entry:
        """To the model, or to a field of it: rules add up, and what none allows is denied."""
        rules = self.fields[name] if name else self.rules
        if rules is None:
            return Entry(True)
        always, ways = False, []
        for rule in self._of(rules, caller, operation):
            if rule.field:
                values = caller.names(rule) if rule.allow == "owner" else caller.groups(rule)
                ways += [Way(rule.field, tuple(values), rule.many)] if values else []
            else:
                always |= rule.allow != "groups" or not set(rule.groups).isdisjoint(
                    caller.groups(rule)
                )
        return Entry(always, tuple(ways))

    def _of(self, rules: tuple[Rule, ...], caller: Caller, operation: str) -> list[Rule]:
        return [
            rule
            for rule in rules
            if operation in rule.operations and caller.mode in rule.modes(self.api)
        ]

    def writing(self, caller: Caller, operation: str, given: Item) -> list[Entry]:
        """All of which must let the caller in: to the model, and to each guarded field that is
        given."""
        names = [name for name in self.fields if name in given]
        return [self.entry(caller, operation, name) for name in (None, *names)]

    def filled(self, caller: Caller, given: Item) -> Item:
        """A new item: with the caller as owner, where no owner is given. A null is nothing."""
        item = dict(without_nulls(given))
        for rule in self._of(self.rules or (), caller, "create"):
            names = caller.names(rule) if rule.allow == "owner" else []
            if rule.field and names:
                item.setdefault(rule.field, names[:1] if rule.many else names[0])
        return item

    def create(
        self, caller: Caller, given: Item, stored: Item | None, wanted: Wanted
    ) -> tuple[Answer, Item | None]:
        """The answer, and the item afterwards. `wanted` is the client's condition."""
        item = self.filled(caller, given)
        entries = self.writing(caller, "create", without_nulls(given))
        if not all(entry.opens(item) for entry in entries):
            return Answer.UNAUTHORIZED, stored
        # A condition looks at the item as it is stored, and there is none.
        if stored is not None or wanted.values:
            return Answer.UNMET, stored
        return Answer.DONE, item

    def update(
        self, caller: Caller, given: Item, stored: Item | None, wanted: Wanted
    ) -> tuple[Answer, Item | None]:
        """As create. The item must be the caller's before and afterwards; null removes a field."""
        entries = self.writing(caller, "update", given)
        after = without_nulls({**(stored or {}), **given})
        met = stored is not None and wanted.fits(stored)
        if met and all(each.opens(stored or {}) and each.opens(after) for each in entries):
            return Answer.DONE, after
        # Whom the input alone shuts out is told so, whatever is stored.
        shut = any(entry.is_shut_by(given) for entry in entries)
        return (Answer.UNAUTHORIZED if shut else self._refused(entries, wanted)), stored

    def delete(
        self, caller: Caller, stored: Item | None, wanted: Wanted
    ) -> tuple[Answer, Item | None]:
        """As create."""
        entries = [self.entry(caller, "delete")]
        if stored is not None and wanted.fits(stored) and entries[0].opens(stored):
            return Answer.DONE, None
        return self._refused(entries, wanted), stored

    def _refused(self, entries: list[Entry], wanted: Wanted) -> Answer:
        """What nobody learns from whether an item is there: with a condition of the client's it may
        be that."""
        if not all(entry.possible for entry in entries):
            return Answer.UNAUTHORIZED
        hidden = not wanted.values and not all(entry.always for entry in entries)
        return Answer.UNAUTHORIZED if hidden else Answer.UNMET

    def withheld(self, caller: Caller, item: Item) -> frozenset[str]:
        """The guarded fields of an item that the caller is not told."""
        return frozenset(
            name for name in self.fields if not self.entry(caller, "get", name).opens(item)
        )


def without_nulls(item: Item) -> Item:
    return {name: value for name, value in item.items() if value is not None}


@dataclass(frozen=True)
class Wanted:
    """What a client asks for by a condition or a filter: all of these values, or any."""

    values: Item
    any: bool = False

    def fits(self, item: Item) -> bool:
        found = [item.get(name) == value for name, value in self.values.items()]
        return any(found) if self.any and found else all(found)

    @property
    def filter(self) -> Json:
        """As GraphQL has it."""
        parts = [{name: {"eq": value}} for name, value in self.values.items()]
        return {"or" if self.any else "and": parts} if self.values else None


EVERYTHING = Wanted({})
