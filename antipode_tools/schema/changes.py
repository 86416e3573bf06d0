"""What a running system does not take as it comes: the models against those last committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    EnumType,
    Field,
    FieldsType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import is_stored
from antipode_tools.schema.model import Keyed, Model
from antipode_tools.schema.models import models_of, operations_of
from antipode_tools.schema.operations import filter_fields

_DATA = "its values stay in the items"


def check_changes(earlier: Definitions, definitions: Definitions) -> Iterator[Diagnostic]:
    """A changed key is refused; what may harm clients or items is warned of."""
    models = {model.name: model for model in models_of(definitions)}
    for model in models_of(earlier):
        if model.name not in models:
            yield _warning(
                None,
                f"the model {model.name} is gone: its API goes, its table and items stay, "
                "retained and out of the stack",
            )
        else:
            yield from _check_model(model, models[model.name])
            wanted = [field.name for field in filter_fields(earlier, model)]
            yield from _check_filters(wanted, definitions, models[model.name])
    for root in earlier.roots:
        yield from _check_own(root, definitions.root(root.name))
    for definition in earlier.all:
        now = definitions.by_name.get(definition.name)
        if isinstance(definition, FieldsType) and isinstance(now, FieldsType):
            yield from _check_fields(definition, now)
        elif isinstance(definition, EnumType) and isinstance(now, EnumType):
            yield from _check_values(definition, now)
        elif isinstance(definition, UnionType) and isinstance(now, UnionType):
            gone = [member for member in definition.members if member not in now.members]
            yield from _check_members(now, gone)
        if isinstance(definition, ObjectType) and isinstance(now, ObjectType):
            for name in definition.interfaces:
                interface = definitions.by_name.get(name)
                if interface and name not in now.interfaces:
                    yield from _check_members(interface, [now.name])


def _check_model(before: Model, now: Model) -> Iterator[Diagnostic]:
    if _key(before) != _key(now):
        yield Diagnostic(
            now.type.line,
            f"{now.name} had the key {_shown(before)} and has {_shown(now)}: a table's key cannot "
            "change. Add a model of another name and move the items",
        )
    yield from _check_indexes(before, now)
    yield from _check_rules(before, now)
    yield from _check_operations(before, now)
    yield from _check_table(before, now)
    old, new = (model.ttl.name if model.ttl else None for model in (before, now))
    if old and new and old != new:
        yield _warning(
            now.type.line,
            f"{now.name} had @ttl on {old} and has it on {new}: deploy once without @ttl, and an "
            "hour later with it, since DynamoDB does not change it in one step",
        )


def _check_table(before: Model, now: Model) -> Iterator[Diagnostic]:
    """CloudFormation makes a table of the other name, and lets go of this one with its items."""
    if before.table != now.table:
        old, new = (each.table or "the stack's own" for each in (before, now))
        yield _warning(
            now.type.line,
            f"{now.name}'s table was {old} and is {new}: a stack that has the one does not take "
            "the other for it. antipode adopt takes a table in that is there, into a new stack",
        )


def _check_indexes(before: Model, now: Model) -> Iterator[Diagnostic]:
    old, new = ({index.name: index for index in model.indexes} for model in (before, now))
    line = now.type.line
    for name in old.keys() & new.keys():
        if _key(old[name]) != _key(new[name]):
            yield Diagnostic(
                line,
                f"{now.name}'s index {name} had the key {_shown(old[name])} and has "
                f"{_shown(new[name])}: an index's key cannot change. Add an index of another name, "
                "and remove this one in a deployment after",
            )
    changed = sorted(old.keys() ^ new.keys())
    if len(changed) > 1:
        yield _warning(
            line,
            f"{now.name} gains or loses the indexes {' and '.join(changed)}: AWS makes or drops "
            "one index of a table in a deployment, so deploy one after the other",
        )


def _check_operations(before: Model, now: Model) -> Iterator[Diagnostic]:
    kept = {*operations_of(now)}
    for name in operations_of(before):
        if name not in kept:
            yield _warning(now.type.line, f"{name} is gone: clients that ask for it are refused")


def _check_own(before: ObjectType, now: ObjectType | None) -> Iterator[Diagnostic]:
    """The operations of the user's own."""
    for old in before.fields:
        path = f"{before.name}.{old.name}"
        new = now.field(old.name) if now else None
        if new is None:
            yield _warning(None, f"{path} is gone: clients that ask for it are refused")
            continue
        if old.output_type != new.output_type:
            yield _warning(
                new.line,
                f"{path} was {old.output_type} and is {new.output_type}: clients that do not know "
                "it yet are refused",
            )
        kept = {each.name: each for each in new.arguments}
        gone = [each.name for each in old.arguments if each.name not in kept]
        had = {each.name for each in old.arguments}
        needed = [
            each.name
            for each in new.arguments
            if each.name not in had and each.type.endswith("!") and each.default is None
        ]
        if gone or needed:
            what = [*(f"lost {name}" for name in gone), *(f"needs {name}" for name in needed)]
            yield _warning(
                new.line,
                f"{path} {' and '.join(what)}: clients that do not know it yet are refused",
            )


def _check_filters(wanted: list[str], definitions: Definitions, now: Model) -> Iterator[Diagnostic]:
    """Only so many fields fit a filter: one that was put above others takes the place of the last.
    A field that is gone, or that rules look at now, is told of as such."""
    kept = {field.name for field in filter_fields(definitions, now)}
    kept |= {*now.deciding, *now.guarded}
    lost = [name for name in wanted if name not in kept and now.type.field(name)]
    if lost:
        yield _warning(
            now.type.line,
            f"subscriptions to {now.name} cannot be filtered by {' and '.join(lost)} any more: "
            "clients that do are refused. The fields to filter by stand first in the type",
        )


def _check_members(now: Definition, gone: list[str]) -> Iterator[Diagnostic]:
    for member in gone:
        yield _warning(
            now.line,
            f"{now.name} can no longer be {member}: items that hold one are read with errors, and "
            "their changes are not announced",
        )


def _check_rules(before: Model, now: Model) -> Iterator[Diagnostic]:
    if _whom(before) == _whom(now):
        return
    if now.rules is None:
        yield _warning(
            now.type.line,
            f"{now.name} has no @auth any more: whoever signs in reads, changes and deletes every "
            "item",
        )
        return
    fields = " and ".join(name for name in now.deciding if name not in before.deciding)
    whose = f"; an item without {fields} is for nobody whom a rule lets in by it" if fields else ""
    yield _warning(
        now.type.line,
        f"{now.name} has other rules from now on{whose}; a subscription that is open hears by the "
        "rules that it began with until it ends, within a day",
    )


def _whom(model: Model) -> object:
    """The rules, wherever they stand in the file."""
    every = (model.rules, *model.guarded.values())
    places = (None, *model.guarded)
    return [
        (place, None if rules is None else {replace(rule, line=0) for rule in rules})
        for place, rules in zip(places, every, strict=True)
    ]


def _check_fields(before: FieldsType, now: FieldsType) -> Iterator[Diagnostic]:
    for old in before.fields:
        new = now.field(old.name)
        if new is None:
            yield _warning(
                now.line,
                f"{now.name}.{old.name} is gone: clients that still ask for it are refused, and "
                f"{_DATA}",
            )
        else:
            yield from _check_field(now, old, new)
    for field in now.fields:
        if field.is_required and before.field(field.name) is None and isinstance(now, ObjectType):
            yield _warning(
                field.line,
                f"{now.name}.{field.name} is new and required: clients that do not know it can "
                "no longer write",
            )


def _check_field(owner: FieldsType, old: Field, new: Field) -> Iterator[Diagnostic]:
    path = f"{owner.name}.{new.name}"
    if old.output_type != new.output_type:
        yield _warning(
            new.line,
            f"{path} was {old.output_type} and is {new.output_type}: items that hold the old type "
            "are read with errors, and their changes are not announced",
        )
    elif is_stored(new) and new.type.count("!") > old.type.count("!"):
        yield _warning(
            new.line,
            f"{path} was {old.type} and is {new.type}: clients that leave it out are refused",
        )


def _check_values(before: EnumType, now: EnumType) -> Iterator[Diagnostic]:
    for value in before.values:
        if value not in now.values:
            yield _warning(
                now.line,
                f"{now.name}.{value} is gone: items that hold it are read with errors, and their "
                "changes are not announced",
            )


def _key(keyed: Keyed) -> list[tuple[str, str]]:
    return [(field.name, field.named) for field in keyed.key]


def _shown(keyed: Keyed) -> str:
    return ", ".join(f"{field.name}: {field.named}" for field in keyed.key)


def _warning(line: int | None, message: str) -> Diagnostic:
    return Diagnostic(line, message, refused=False)
