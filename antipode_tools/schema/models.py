"""What a model is, once its definitions are known to be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.auth.fields import deciding, owners, withheld
from antipode_tools.schema.auth.rules import Rule, rules_of
from antipode_tools.schema.definitions import (
    Definitions,
    Directive,
    EnumType,
    Field,
    ObjectType,
    listed,
)
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import STAMPS, TIMESTAMPS

ID = "id"
KINDS = ("Create", "Update", "Delete")
RELATIONS = ("hasOne", "hasMany", "belongsTo")
# What the compiler puts on a field that a resolver of the user's serves: nobody can write it.
RESOLVED = "resolved"
# And on one that is of a model and says nothing of how its items are found: it is null.
UNRELATED = "unrelated"
_NOT_STORED = (*RELATIONS, "function", "source", RESOLVED, UNRELATED)
DEFAULT_LIMIT = 100
# What the server fills where nobody gives it: an id, and the timestamps that a type declares.
_IDS = ("ID", "String")
_TIMES = ("AWSDateTime", "String")


@dataclass(frozen=True)
class Keyed:
    """What items are found by: the partition key and the fields of the sort key, if there are any.

    Several sort fields are one attribute, as Amplify stores them: their names joined by #, which
    holds their values joined by #.
    """

    key: tuple[Field, ...]

    @property
    def partition(self) -> Field:
        return self.key[0]

    @property
    def sorts(self) -> tuple[Field, ...]:
        return self.key[1:]

    @property
    def sort_attribute(self) -> str | None:
        """The table's or the index's own name for what it sorts by."""
        return "#".join(field.name for field in self.sorts) or None

    @property
    def sort_argument(self) -> str | None:
        """The argument that conditions what it sorts by."""
        return naming.camel([field.name for field in self.sorts]) if self.sorts else None


@dataclass(frozen=True)
class Index(Keyed):
    """A global secondary index of a model's table; `query` is the field that lists by it, if there
    is one."""

    name: str
    model: str
    query: str | None
    line: int


@dataclass(frozen=True)
class Relation:
    """A field whose value are items of another model.

    Attributes:
        by: the fields of the item itself that hold the key of those related, in its order: of
            `index`, or of the model's own key without one. Fewer than the key has find all with
            those.
    """

    field: Field
    model: str
    many: bool
    by: tuple[str, ...]
    index: Index | None
    limit: int


@dataclass(frozen=True)
class Names:
    """What a model's operations are called; None where there is no such operation."""

    get: str | None
    list: str | None
    # What tells of what was missed.
    sync: str | None
    create: str | None
    update: str | None
    delete: str | None
    # The subscriptions to each kind of change: Create, Update, Delete, Change.
    on: Mapping[str, tuple[str, ...]]

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys(name for names in self.on.values() for name in names))


@dataclass(frozen=True)
class Model(Keyed):
    """`ttl` is the field by whose time DynamoDB deletes items; `rules` say who may
    see and change its items, None where whoever signs in may; `guarded` are the rules of fields
    that have their own; `deciding` are the fields that any rule looks at, and `owners` those of
    them that need not be given; `times` are the names of the two timestamps,
    None of one that is left out; `own_on` are the subscriptions of the user's own that hang on the
    model's mutations, by the kind of change; `table` is the name of its table in production, None
    where that is the stack's to say."""

    type: ObjectType
    names: Names
    own_on: Mapping[str, tuple[str, ...]]
    ttl: Field | None
    rules: tuple[Rule, ...] | None = None
    guarded: Mapping[str, tuple[Rule, ...]] = dataclass_field(default_factory=dict)
    deciding: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    relations: tuple[Relation, ...] = ()
    times: tuple[str | None, str | None] = TIMESTAMPS
    table: str | None = None

    @property
    def name(self) -> str:
        return self.type.name

    @property
    def title(self) -> str:
        """The name as operations and types have it, with a capital in front."""
        return naming.upper(self.name)

    @property
    def id(self) -> str:
        """The name as logical ids, tables and the relay's mutations have it."""
        return naming.logical(self.name)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What there is to hear of it by, each once."""
        own = (name for names in self.own_on.values() for name in names)
        return tuple(dict.fromkeys([*self.names.subscriptions, *own]))

    @property
    def has_own_key(self) -> bool:
        """Whether a @primaryKey says what the key is, and lists can go by it."""
        return any(directive_of(field.directives, "primaryKey") for field in self.type.fields)

    @property
    def makes_ids(self) -> bool:
        """Whether an item gets an id where its creator gives none."""
        return any(field.name == ID and field.optional_type in _IDS for field in self.key)

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """The fields of the type that its items hold."""
        return tuple(field for field in self.type.fields if is_stored(field))

    @cached_property
    def stamps(self) -> tuple[Field, ...]:
        """What is stamped on the items and stands nowhere in the type."""
        return tuple(each for each in stamps_of(self.type) if not self.type.field(each.name))

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The stored fields that not everybody sees who sees the item, by rules of their own."""
        stored = {field.name for field in self.stored}
        return tuple(name for name in withheld(self.type) if name in stored)

    def is_shown(self, field: Field) -> bool:
        """Whether whoever may see an item sees the field."""
        return field.name not in self.hidden

    def is_key(self, field: Field) -> bool:
        return any(field.name == each.name for each in self.key)

    def is_stamped(self, field: Field) -> bool:
        """Whether the server fills the field where nobody gives it."""
        return field.name in self.times


def models_of(definitions: Definitions) -> tuple[Model, ...]:
    """The models of definitions that no rule refuses, in the order of the file."""
    indexes = {type_.name: tuple(indexes_of(type_)) for type_ in definitions.models}
    return tuple(
        _model(type_, indexes, own_subscriptions(definitions, type_))
        for type_ in definitions.models
    )


def operations_of(model: Model) -> tuple[str, ...]:
    """The fields of Query, Mutation and Subscription that clients have of a model."""
    names = model.names
    queries = (index.query for index in model.indexes)
    own = (names.get, names.list, names.sync, names.create, names.update, names.delete, *queries)
    return (*filter(None, own), *model.subscriptions)


def is_stored(field: Field) -> bool:
    """Whether an item holds the field: others are related items, or computed."""
    return not field.arguments and not any(
        directive.name in _NOT_STORED for directive in field.directives
    )


def key_names(type_: ObjectType) -> tuple[str, ...]:
    """The names of the fields of the key, `id` where @primaryKey names no others."""
    for field in type_.fields:
        if directive := directive_of(field.directives, "primaryKey"):
            return (field.name, *sort_names(directive))
    return (ID,)


def sort_names(directive: Directive) -> tuple[str, ...]:
    """The sortKeyFields of a @primaryKey or an @index: one may stand without brackets."""
    return tuple(listed(directive.arguments.get("sortKeyFields")))


def index_directives(type_: ObjectType) -> Iterator[tuple[Field, Directive]]:
    """Each @index of a type with the field that it stands on."""
    for field in type_.fields:
        for directive in field.directives:
            if directive.name == "index":
                yield field, directive


def index_field(type_: ObjectType, name: str) -> Field | None:
    """A field that a key may go by: of the type, or stamped on every item of it."""
    stamps = stamps_of(type_)
    return type_.field(name) or next((stamp for stamp in stamps if stamp.name == name), None)


def indexes_of(type_: ObjectType) -> Iterator[Index]:
    """The indexes of a type, without the fields that are not there."""
    for field, directive in index_directives(type_):
        sorts = (index_field(type_, name) for name in sort_names(directive))
        yield Index(
            key=(field, *(each for each in sorts if each)),
            name=index_name(type_, field, directive),
            model=type_.name,
            query=_query(type_, field, directive),
            line=directive.line,
        )


def index_name(type_: ObjectType, field: Field, directive: Directive) -> str:
    """The name that an @index gives, or else Amplify's for it."""
    names = (field.name, *sort_names(directive))
    return directive.arguments.get("name") or naming.index_query(type_.name, names)


def _query(type_: ObjectType, field: Field, directive: Directive) -> str | None:
    default = naming.index_query(type_.name, (field.name, *sort_names(directive)))
    # An explicit null asks for none.
    query: str | None = directive.arguments.get("queryField", default)
    return query


def model_arguments(type_: ObjectType) -> Mapping[str, Any]:
    """What a type's @model says."""
    directive = directive_of(type_.directives, "model")
    return directive.arguments if directive else {}


def times_of(type_: ObjectType) -> tuple[str | None, str | None]:
    """The names of a model's timestamps: of its creation, and of its last write. One that the type
    declares as anything else than a time in words is no timestamp."""
    given = model_arguments(type_).get("timestamps", {})
    if given is None:
        return None, None
    created, updated = (given.get(name, name) for name in TIMESTAMPS)
    return _stamped(type_, created), _stamped(type_, updated)


def _stamped(type_: ObjectType, name: str | None) -> str | None:
    field = type_.field(name) if name else None
    return name if field is None or field.optional_type in _TIMES else None


def stamps_of(type_: ObjectType) -> tuple[Field, ...]:
    """The fields that every item of a model has without its type saying so."""
    created, updated = times_of(type_)
    first, second, *others = STAMPS
    times = ((first, created), (second, updated))
    renamed = (Field(name, stamp.type, stamp.line, stamp.comment) for stamp, name in times if name)
    return (*renamed, *others)


def names_of(type_: ObjectType) -> Names:
    """What a model's operations are called: by its @model, or as Amplify does."""
    arguments, title = model_arguments(type_), naming.upper(type_.name)
    many = naming.plural(title)
    own = {"get": f"get{title}", "list": f"list{many}", "sync": f"sync{many}"}
    queries = _named(arguments, "queries", own)
    mutations = _named(
        arguments, "mutations", {kind.lower(): f"{kind.lower()}{title}" for kind in KINDS}
    )
    return Names(
        get=queries["get"],
        list=queries["list"],
        sync=queries["sync"] if arguments.get("sync") else None,
        create=mutations["create"],
        update=mutations["update"],
        delete=mutations["delete"],
        on=_subscriptions(arguments, title),
    )


def _named(
    arguments: Mapping[str, Any], part: str, default: Mapping[str, str]
) -> dict[str, str | None]:
    """The names that an argument of @model gives; null takes one away, or all."""
    given = arguments.get(part, {})
    if given is None:
        return dict.fromkeys(default)
    return {key: given.get(key, name) for key, name in default.items()}


def _subscriptions(arguments: Mapping[str, Any], title: str) -> dict[str, tuple[str, ...]]:
    given = arguments.get("subscriptions", {})
    found: dict[str, tuple[str, ...]] = {}
    if given is not None and given.get("level") != "off":
        for kind in KINDS:
            names = given.get(f"on{kind}", [f"on{kind}{title}"])
            found[kind] = tuple([names] if isinstance(names, str) else names or ())
    if arguments.get("onChange"):
        found["Change"] = (f"onChange{title}",)
    return {kind: names for kind, names in found.items() if names}


def mutations_of(type_: ObjectType) -> Mapping[str, str]:
    """The kind of change that each mutation of a model is: createCard is a Create."""
    names = names_of(type_)
    written = zip(KINDS, (names.create, names.update, names.delete), strict=True)
    return {name: kind for kind, name in written if name}


def own_subscriptions(definitions: Definitions, type_: ObjectType) -> Mapping[str, tuple[str, ...]]:
    """The fields of the file's Subscription that hang on a model's mutations, by the kind of
    change. They are served as the generated ones are: by what the relay announces."""
    kinds = mutations_of(type_)
    found: dict[str, list[str]] = {}
    root = definitions.root("Subscription")
    for each in root.fields if root else ():
        for mutation in listened(each):
            if mutation in kinds:
                found.setdefault(kinds[mutation], []).append(each.name)
    return {kind: tuple(names) for kind, names in found.items()}


def listened(field: Field) -> tuple[str, ...]:
    """The mutations that a field of Subscription hangs on."""
    directive = directive_of(field.directives, "aws_subscribe")
    return tuple(listed(directive.arguments.get("mutations"))) if directive else ()


def directive_of(directives: tuple[Directive, ...], name: str) -> Directive | None:
    return next((directive for directive in directives if directive.name == name), None)


def relation_of(field: Field) -> Directive | None:
    """The directive that makes the field a relation."""
    return next((each for each in field.directives if each.name in RELATIONS), None)


def is_comparable(field: Field, definitions: Definitions) -> bool:
    """Whether a filter can compare the field: enums and scalars, and lists of them."""
    return field.named in SCALARS or isinstance(definitions.by_name.get(field.named), EnumType)


def is_single(field: Field, definitions: Definitions) -> bool:
    """Whether a subscriber can ask for one value of the field: no list, and no JSON."""
    return not field.is_list and field.named != "AWSJSON" and is_comparable(field, definitions)


def _model(
    type_: ObjectType,
    indexes: Mapping[str, tuple[Index, ...]],
    own_on: Mapping[str, tuple[str, ...]],
) -> Model:
    relations = (_relation(field, indexes) for field in type_.fields)
    return Model(
        type=type_,
        key=tuple(field for name in key_names(type_) if (field := index_field(type_, name))),
        names=names_of(type_),
        own_on=own_on,
        ttl=next((each for each in type_.fields if directive_of(each.directives, "ttl")), None),
        rules=rules_of(type_.directives),
        guarded={
            each.name: found
            for each in type_.fields
            if (found := rules_of(each.directives)) is not None
        },
        deciding=deciding(type_),
        owners=owners(type_),
        indexes=indexes[type_.name],
        relations=tuple(each for each in relations if each),
        times=times_of(type_),
        table=model_arguments(type_).get("table"),
    )


def _relation(field: Field, indexes: Mapping[str, tuple[Index, ...]]) -> Relation | None:
    """What a field's directive says, after relations.py has filled in what it leaves out."""
    directive = relation_of(field)
    if directive is None:
        return None
    name = directive.arguments.get("indexName")
    return Relation(
        field=field,
        model=field.named,
        many=directive.name == "hasMany",
        by=tuple(directive.arguments["fields"]),
        index=next((each for each in indexes[field.named] if each.name == name), None),
        limit=directive.arguments.get("limit", DEFAULT_LIMIT),
    )
