"""Relations with all that they leave out: foreign keys, indexes, and the models between two
others (joins.py).

What comes out says of every relation by which fields of the item it finds the related ones
(`fields`), and by which index (`indexName`), where it is not the related model's own key.
Amplify's rules: https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from antipode_tools.schema import naming
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    Field,
    ObjectType,
    listed,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of, index_directives, relation_of, sort_names
from antipode_tools.schema.joins import with_joins
from antipode_tools.schema.keys import index_field, index_name, key_names
from antipode_tools.schema.model import ID
from antipode_tools.schema.rewriting import instead, key_type, required, with_field


def with_relations(definitions: Definitions) -> tuple[Definitions, tuple[Diagnostic, ...]]:
    """The definitions with what their relations need, and what is wrong with these.

    The types that fields name must be there.
    """
    keyed = replace(definitions, all=tuple(_with_id(each) for each in definitions.all))
    joined, problems = with_joins(keyed)
    workshop = _Workshop(joined)
    for type_ in joined.models:
        for field in type_.fields:
            if directive := relation_of(field):
                workshop.relate(type_.name, field, directive)
    return workshop.definitions, (*problems, *workshop.problems)


def _with_id(definition: Definition) -> Definition:
    """A model without a key of its own has an id, as Amplify gives it one."""
    if not isinstance(definition, ObjectType) or not definition.is_model:
        return definition
    if any(directive_of(field.directives, "primaryKey") for field in definition.fields):
        return definition
    field = definition.field(ID)
    if field is None:
        added = Field(ID, "ID!", definition.line)
        return replace(definition, fields=(added, *definition.fields))
    # Some files have it nullable, since a creator may leave it out. No item has none.
    return with_field(definition, replace(field, type=f"{field.optional_type}!"))


class _Workshop:
    """The types as they are worked upon, relation by relation."""

    def __init__(self, definitions: Definitions) -> None:
        self._given = definitions
        self._types = {type_.name: type_ for type_ in definitions.models}
        self.problems: list[Diagnostic] = []

    @property
    def definitions(self) -> Definitions:
        return replace(
            self._given,
            all=tuple(self._types.get(each.name, each) for each in self._given.all),
        )

    def relate(self, name: str, field: Field, directive: Directive) -> None:
        """Fills in what the directive of a field leaves out."""
        related = self._types.get(field.named)
        path = f"{name}.{field.name}"
        if related is None:
            self._refuse(
                directive,
                f"{path} has @{directive.name} and is {field.type}, which is no model: relate it "
                "to a type with @model",
            )
        elif field.is_list != (directive.name == "hasMany"):
            self._refuse(directive, f"{path} has @{directive.name} and is {field.type}: {_SHAPES}")
        elif directive.arguments.get("fields") and directive.arguments.get("references"):
            self._refuse(directive, f"{path} has fields and references: one of them says it all")
        else:
            match directive.name:
                case "hasMany":
                    self._has_many(name, field, directive)
                case "hasOne" if directive.arguments.get("references"):
                    self._has_many(name, field, directive)
                case "belongsTo" if counterpart := self._counterpart(name, field, directive):
                    self._belongs_to(name, field, directive, counterpart)
                case _:
                    self._has_one(name, field, directive)

    def _has_many(self, name: str, field: Field, directive: Directive) -> None:
        """Found by an index of the related model, whose key is this one's."""
        own, related = self._types[name], self._types[field.named]
        arguments = directive.arguments
        by = _names(arguments, "fields") or key_names(own)
        index = arguments.get("indexName")
        if index is None and not _names(arguments, "fields"):
            wanted = _names(arguments, "references") or tuple(
                naming.foreign_key(name, field.name, key) for key in by
            )
            index = f"gsi-{name}.{field.name}"
            if not self._has_keys(name, field, directive, wanted, by):
                return
            self._add_keys(related.name, wanted, [key_type(own, key) for key in by], directive)
            self._add_index(related.name, index, wanted, directive)
        key = key_names(related) if index is None else self._index_key(related.name, index)
        if key is None:
            self._refuse(
                directive,
                f"{name}.{field.name} goes by the index {index}, which {related.name} has not: "
                "give "
                f'a field of it @index(name: "{index}")',
            )
            return
        self._fill(name, field, directive, by, key, index)

    def _has_one(self, name: str, field: Field, directive: Directive) -> None:
        """Found by the related model's own key, which this one holds."""
        related = self._types[field.named]
        key = key_names(related)
        by = _names(directive.arguments, "fields") or _names(directive.arguments, "references")
        if not by:
            by = tuple(naming.foreign_key(name, field.name, each) for each in key)
            self._add_keys(name, by, [key_type(related, each) for each in key], directive, field)
        elif len(by) == len(key):
            # Declared on one side is enough for references.
            self._add_keys(
                name,
                by if directive.arguments.get("references") else (),
                [key_type(related, each) for each in key],
                directive,
            )
        self._fill(name, field, directive, by, key, None)

    def _belongs_to(
        self, name: str, field: Field, directive: Directive, counterpart: tuple[str, ...]
    ) -> None:
        related = self._types[field.named]
        key = key_names(related)
        own = self._types[name]
        if missing := [each for each in counterpart if own.field(each) is None]:
            self._add_keys(
                name,
                missing,
                [key_type(related, each) for each in key][: len(missing)],
                directive,
            )
        self._fill(name, field, directive, counterpart[: len(key)], key, None)

    def _counterpart(self, name: str, field: Field, directive: Directive) -> tuple[str, ...] | None:
        """The fields by which a @hasMany of the other side finds this one, if this names none."""
        if _names(directive.arguments, "fields") or _names(directive.arguments, "references"):
            return None
        related = self._types[field.named]
        for other in related.fields:
            many = directive_of(other.directives, "hasMany")
            if other.named != name or many is None:
                continue
            if references := _names(many.arguments, "references"):
                return references
            index = many.arguments.get("indexName")
            if index is not None:
                return self._index_key(name, index)
            if not _names(many.arguments, "fields"):
                return tuple(
                    naming.foreign_key(related.name, other.name, key) for key in key_names(related)
                )
        return None

    def _has_keys(
        self,
        name: str,
        field: Field,
        directive: Directive,
        wanted: Sequence[str],
        by: Sequence[str],
    ) -> bool:
        if len(wanted) == len(by):
            return True
        self._refuse(
            directive,
            f"{name}.{field.name} has the references {', '.join(wanted)}, and the key of {name} is "
            f"{', '.join(by)}: name a field for each of these, in their order",
        )
        return False

    def _index_key(self, type_: str, name: str) -> tuple[str, ...] | None:
        for field, directive in index_directives(self._types[type_]):
            if index_name(self._types[type_], field, directive) == name:
                return (field.name, *sort_names(directive))
        return None

    def _add_keys(
        self,
        type_: str,
        names: Iterable[str],
        types: Sequence[str],
        directive: Directive,
        relation: Field | None = None,
    ) -> None:
        """The foreign keys that are declared nowhere. One is required where its relation is."""
        for name, its in zip(names, types, strict=False):
            if self._types[type_].field(name) is None:
                needed = relation is not None and relation.is_required
                field = Field(name, required(its) if needed else its, directive.line)
                owner = self._types[type_]
                self._types[type_] = replace(owner, fields=(*owner.fields, field))

    def _add_index(self, type_: str, name: str, key: Sequence[str], directive: Directive) -> None:
        owner = self._types[type_]
        first = owner.field(key[0])
        if first is None or self._index_key(type_, name):
            return
        arguments = {"name": name, "sortKeyFields": list(key[1:]), "queryField": None}
        index = Directive("index", arguments, directive.line)
        indexed = replace(first, directives=(*first.directives, index))
        self._types[type_] = with_field(owner, indexed)

    def _fill(
        self,
        name: str,
        field: Field,
        directive: Directive,
        by: Sequence[str],
        key: Sequence[str],
        index: str | None,
    ) -> None:
        own, related = self._types[name], self._types[field.named]
        many = field.is_list or index is not None
        if len(by) > len(key) or (not many and len(by) < len(key)):
            self._refuse(
                directive,
                f"{name}.{field.name} goes by {', '.join(by)}, and "
                f"{f'the index {index}' if index else related.name} by {', '.join(key)}: name a "
                "field for each of these, in their order",
            )
            return
        for mine, theirs in zip(by, key, strict=False):
            here, there = index_field(own, mine), index_field(related, theirs)
            if here is None:
                self._refuse(
                    directive,
                    f"{name}.{field.name} goes by {mine}, which {name} has not: name fields of "
                    f"{name} that hold the key of {related.name}",
                )
            elif there is not None and not _alike(here, there):
                self._refuse(
                    directive,
                    f"{name}.{field.name} goes by {name}.{mine}, which is {here.type}, and finds "
                    f"by {related.name}.{theirs}, which is {there.type}: they must be of one type",
                )
        filled = {"fields": list(by), "limit": directive.arguments.get("limit", 100)}
        if index is not None:
            filled["indexName"] = index
        done = replace(directive, arguments=filled)
        changed = replace(field, directives=instead(field.directives, directive, done))
        self._types[name] = with_field(self._types[name], changed)

    def _refuse(self, directive: Directive, message: str) -> None:
        self.problems.append(Diagnostic(directive.line, message))


_SHAPES = "@hasMany is for a list of a model, @hasOne and @belongsTo for one"


def _alike(one: Field, other: Field) -> bool:
    """Whether the values of one can be those of the other: an ID is a text like others."""
    texts = {"ID", "String"}
    return one.named == other.named or {one.named, other.named} <= texts


def _names(arguments: object, name: str) -> tuple[str, ...]:
    """Names of fields, of which one may stand without brackets."""
    return tuple(listed(arguments.get(name))) if isinstance(arguments, dict) else ()
