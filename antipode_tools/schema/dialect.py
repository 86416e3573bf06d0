"""The first transformer's directives as those of today: @key, @connection and @versioned, and the
arguments that @auth had.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/migrate-from-transformer-v1-to-v2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.auth.dialect import modern_rules
from antipode_tools.schema.auth.rules import AUTH
from antipode_tools.schema.definitions import Definitions, Directive, Field, ObjectType, listed
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.keys import index_field, key_names
from antipode_tools.schema.written import text

_OLD = ("key", "connection", "versioned")


@dataclass(frozen=True)
class Change:
    """An old directive and what stands for it today.

    Attributes:
        type: the type that the old one is on, or one of whose fields it is on.
        old: None where something is added because of a directive elsewhere.
        field: the field that `new` is on, None where it is on the type itself; one that is `added`
            is there for it alone.
        more: what else is on a field that is added.
    """

    type: str
    old: Directive | None
    field: Field | None = None
    new: Directive | None = None
    added: bool = False
    more: tuple[Directive, ...] = ()

    @property
    def shown(self) -> str:
        """What to write."""
        if self.new is None:
            return "leave it out"
        on = f"{self.field.name}: {self.field.type} " if self.field else ""
        denied = ", and rules for whoever else may: what none allows is denied, and was open there"
        return f"write {on}{text(self.new)}{denied if self.new.name == AUTH else ''}"


def changes(definitions: Definitions) -> tuple[Change, ...]:
    """What is to change in a file, in its order; nothing in one that is of today."""
    keys = [change for type_ in definitions.models for change in _keys(type_)]
    keyed = _applied(definitions, keys)
    sides = _sides(keyed)
    connections = [change for type_ in keyed.models for change in _connections(keyed, sides, type_)]
    rules = [change for type_ in definitions.models for change in _rules(type_)]
    return (*keys, *_once(connections), *rules)


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """The changes, with a field that two of them add but once."""
    added: dict[tuple[str, str], Change] = {}
    every = list(found)
    for change in every:
        if change.added and change.field:
            first = added.setdefault((change.type, change.field.name), change)
            if first is not change and change.new:
                more = (*first.more, change.new)
                added[change.type, change.field.name] = replace(first, more=more)
    for change in every:
        if not (change.added and change.field):
            yield change
        elif merged := added.pop((change.type, change.field.name), None):
            yield merged


def modern(definitions: Definitions) -> Definitions:
    """The definitions in the directives of today, with a warning for each of the others."""
    found = changes(definitions)
    warnings = tuple(
        Diagnostic(
            change.old.line,
            f"{change.type} has {text(change.old)}, of Amplify's first transformer: "
            f"{change.shown}. antipode schema --modernise rewrites the file",
            refused=False,
        )
        for change in found
        if change.old
    )
    applied = _applied(definitions, found)
    return replace(applied, told=(*definitions.told, *warnings))


def _keys(type_: ObjectType) -> Iterator[Change]:
    for directive in type_.directives:
        if directive.name == "versioned":
            yield Change(type_.name, directive)
        if directive.name == "key":
            names = listed(directive.arguments.get("fields"))
            if not names:
                continue
            field = type_.field(names[0])
            if field is not None:
                yield Change(type_.name, directive, field, _key(directive, names[1:]))


def _rules(type_: ObjectType) -> Iterator[Change]:
    for directive in type_.directives:
        if directive.name == AUTH and (new := modern_rules(directive)):
            yield Change(type_.name, directive, None, new)
    for field in type_.fields:
        for directive in field.directives:
            if directive.name == AUTH and (new := modern_rules(directive)):
                yield Change(type_.name, directive, field, new)


def _key(directive: Directive, sorts: list[str]) -> Directive:
    arguments: dict[str, Any] = {"sortKeyFields": sorts} if sorts else {}
    name = directive.arguments.get("name")
    if name is None:
        return Directive("primaryKey", arguments, directive.line)
    # The first transformer made no query where none was asked for.
    query = directive.arguments.get("queryField")
    return Directive("index", {"name": name, **arguments, "queryField": query}, directive.line)


_Sides = Mapping[str, list[tuple[ObjectType, Field]]]


def _sides(definitions: Definitions) -> _Sides:
    """The fields of each name that two @connection share."""
    sides: dict[str, list[tuple[ObjectType, Field]]] = {}
    for type_ in definitions.models:
        for field in type_.fields:
            directive = directive_of(field.directives, "connection")
            if directive and isinstance(name := directive.arguments.get("name"), str):
                sides.setdefault(name, []).append((type_, field))
    return sides


def _connections(definitions: Definitions, sides: _Sides, type_: ObjectType) -> Iterator[Change]:
    for field in type_.fields:
        directive = directive_of(field.directives, "connection")
        if directive is None:
            continue
        name = directive.arguments.get("name")
        limit = {
            each: directive.arguments[each] for each in ("limit",) if each in directive.arguments
        }
        others = sides.get(name, []) if isinstance(name, str) else []
        other = next((each for each in others if each[1] is not field), None)
        if directive.arguments.get("keyName"):
            arguments = {"indexName": directive.arguments["keyName"], **_fields(directive), **limit}
            yield _change(type_, field, directive, "hasMany", arguments)
        elif directive.arguments.get("fields"):
            kind = "hasMany" if field.is_list else "belongsTo"
            yield _change(type_, field, directive, kind, {**_fields(directive), **limit})
        elif other is None or other[1].is_list == field.is_list:
            yield _change(type_, field, directive, "hasMany" if field.is_list else "hasOne", limit)
        elif field.is_list:
            index = {"indexName": f"gsi-{name}", "fields": list(key_names(type_))}
            yield _change(type_, field, directive, "hasMany", {**index, **limit})
        else:
            yield from _held(type_, field, directive, *other)


def _held(
    type_: ObjectType, field: Field, directive: Directive, related: ObjectType, many: Field
) -> Iterator[Change]:
    """The one side of two, which holds the key of the other and is indexed by it, in the order that
    either of them names."""
    its_many = directive_of(many.directives, "connection")
    by = its_many.arguments.get("sortField") if its_many else None
    keys = key_names(related)
    named = directive.arguments.get("keyField")
    names = [named] if named else [naming.foreign_key(type_.name, field.name, key) for key in keys]
    yield _change(type_, field, directive, "belongsTo", {"fields": names})
    for place, (name, key) in enumerate(zip(names, keys, strict=False)):
        its = index_field(related, key)
        there = type_.field(name)
        added = there or Field(name, its.optional_type if its else "ID", directive.line)
        new = None
        if place == 0:
            sort = directive.arguments.get("sortField") or by
            more = [*names[1:], *([sort] if index_field(type_, str(sort)) else [])]
            sorts = {"sortKeyFields": more} if more else {}
            index = {"name": f"gsi-{directive.arguments['name']}", **sorts, "queryField": None}
            new = Directive("index", index, directive.line)
        yield Change(type_.name, None, added, new, added=there is None)


def _fields(directive: Directive) -> dict[str, Any]:
    fields = directive.arguments.get("fields")
    return {"fields": fields} if fields else {}


def _change(
    type_: ObjectType, field: Field, directive: Directive, kind: str, arguments: Mapping[str, Any]
) -> Change:
    return Change(type_.name, directive, field, Directive(kind, dict(arguments), directive.line))


def _applied(definitions: Definitions, found: Iterable[Change]) -> Definitions:
    types = {each.name: each for each in definitions.all}
    for change in found:
        type_ = types[change.type]
        if isinstance(type_, ObjectType):
            types[change.type] = _with(type_, change)
    return replace(definitions, all=tuple(types.values()))


def _with(type_: ObjectType, change: Change) -> ObjectType:
    def kept(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(each for each in directives if each != change.old)

    if change.field is None and change.new:
        return replace(type_, directives=(*kept(type_.directives), change.new))
    fields = type_.fields
    if change.added and change.field:
        fields = (*fields, change.field)
    if change.field:
        more = (*([change.new] if change.new else []), *change.more)
        fields = tuple(
            replace(field, directives=(*kept(field.directives), *more))
            if field.name == change.field.name
            else field
            for field in fields
        )
    return replace(type_, directives=kept(type_.directives), fields=fields)
