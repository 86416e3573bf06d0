"""Whether whom some rules let in is let in by others too, whatever the API's modes are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from antipode_tools.schema.auth.rules import READ, USERS, Operation, Rule, Strategy

_NAMED = (Strategy.OWNER, Strategy.GROUPS, Strategy.PRIVATE)


def is_read_by_all(rules: Sequence[Rule] | None, own: Sequence[Rule]) -> bool:
    """Whether a field with rules of its own is read by whoever gets an item of the model, by
    reading it or as the answer to a mutation: to be told a field is to get it, wherever it stands.
    `rules` are the model's, None where all may."""
    if rules is None:
        return False
    return all(
        {Operation.GET, *(rule.operations & READ)} <= allowed(rule, own)
        for rule in rules
        if rule.operations
    )


def unread(rules: Iterable[Rule], own: Sequence[Rule]) -> Iterator[tuple[Rule, list[Operation]]]:
    """The rules of a model by which somebody reads an item and not the field that `own` are of,
    each with what is missing there."""
    for rule in rules:
        if missing := sorted((rule.operations & READ) - allowed(rule, own)):
            yield rule, missing


def allowed(rule: Rule, own: Iterable[Rule]) -> frozenset[Operation]:
    """What other rules let those do whom a rule lets in."""
    return frozenset[Operation]().union(*(each.operations for each in own if _covers(each, rule)))


def _covers(one: Rule, other: Rule) -> bool:
    same_mode = one.provider == other.provider
    # Without a provider it is for all modes of users that the API has.
    if not same_mode and not (one.provider is None and other.provider in USERS):
        return False
    if one.strategy is Strategy.PRIVATE and other.strategy in _NAMED:
        return True
    same = (one.strategy, one.field, one.claim) == (other.strategy, other.field, other.claim)
    return same and {*other.groups} <= {*one.groups}
