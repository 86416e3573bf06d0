"""What a model is, once its definitions are known to be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from antipode_tools.schema.definitions import Definitions, Directive, EnumType, Field, ObjectType
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import STAMPS

ID = "id"
KINDS = ("Create", "Update", "Delete")


@dataclass(frozen=True)
class Keyed:
    """What items are found by: `key` is the partition key and, if there is one, the sort key."""

    key: tuple[Field, ...]

    @property
    def partition(self) -> Field:
        return self.key[0]

    @property
    def sort(self) -> Field | None:
        return self.key[1] if len(self.key) > 1 else None


@dataclass(frozen=True)
class Index(Keyed):
    """A global secondary index of a model's table."""

    name: str
    model: str

    @property
    def listed(self) -> str:
        """The model and the index, as the query's name has them: OrderByStatus."""
        return f"{self.model}{self.name[0].upper()}{self.name[1:]}"

    @property
    def query(self) -> str:
        """The field that lists by the index."""
        return f"list{self.listed}"


@dataclass(frozen=True)
class Model(Keyed):
    """`ttl` is the field by whose time DynamoDB deletes items; `on_change`, whether there is one
    subscription to all changes; `owner` is the field that holds whose an item is, None where items
    are everybody's."""

    type: ObjectType
    ttl: Field | None
    on_change: bool
    owner: Field | None = None
    indexes: tuple[Index, ...] = ()

    @property
    def name(self) -> str:
        return self.type.name

    @property
    def makes_ids(self) -> bool:
        """Whether an item gets an id where its creator gives none."""
        return [(field.name, field.named) for field in self.key] == [(ID, "ID")]

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The fields that clients hear of changes by."""
        kinds = (*KINDS, "Change") if self.on_change else KINDS
        return tuple(f"on{kind}{self.name}" for kind in kinds)

    def is_key(self, field: Field) -> bool:
        return field in self.key


def models_of(definitions: Definitions) -> tuple[Model, ...]:
    """The models of definitions that no rule refuses, in the order of the file."""
    return tuple(_model(type_) for type_ in definitions.models)


def key_names(type_: ObjectType) -> tuple[str, ...]:
    """The names that @key gives, `id` without it."""
    directive = directive_of(type_.directives, "key")
    return tuple(directive.arguments["fields"]) if directive else (ID,)


def index_directives(type_: ObjectType) -> Iterator[Directive]:
    """Each @index of a type."""
    return (directive for directive in type_.directives if directive.name == "index")


def index_field(type_: ObjectType, name: str) -> Field | None:
    """A field that an index may go by: of the type, or stamped on every model."""
    return type_.field(name) or next((stamp for stamp in STAMPS if stamp.name == name), None)


def index_of(type_: ObjectType, directive: Directive) -> Index:
    """What an @index asks for, without the fields that are not there."""
    names = directive.arguments["fields"]
    key = tuple(field for name in names if (field := index_field(type_, name)))
    return Index(key=key, name=directive.arguments["name"], model=type_.name)


def owner_name(type_: ObjectType) -> str | None:
    """The name of the field that @model(owner:) gives."""
    directive = directive_of(type_.directives, "model")
    return directive.arguments.get("owner") if directive else None


def directive_of(directives: tuple[Directive, ...], name: str) -> Directive | None:
    return next((directive for directive in directives if directive.name == name), None)


def is_comparable(field: Field, definitions: Definitions) -> bool:
    """Whether a filter can compare the field: a single enum or scalar, but no JSON."""
    if field.is_list:
        return False
    scalar = SCALARS.get(field.named)
    if scalar is not None:
        return scalar.filter is not None
    return isinstance(definitions.by_name.get(field.named), EnumType)


def _model(type_: ObjectType) -> Model:
    directive = directive_of(type_.directives, "model")
    return Model(
        type=type_,
        key=tuple(field for name in key_names(type_) if (field := type_.field(name))),
        ttl=next((each for each in type_.fields if directive_of(each.directives, "ttl")), None),
        on_change=bool(directive and directive.arguments.get("onChange", False)),
        owner=type_.field(owner_name(type_) or ""),
        indexes=tuple(index_of(type_, each) for each in index_directives(type_)),
    )
