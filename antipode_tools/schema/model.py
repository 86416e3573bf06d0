"""What a model is, once its definitions are known to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property

from antipode_tools.schema import naming
from antipode_tools.schema.auth.fields import withheld
from antipode_tools.schema.auth.rules import Rule
from antipode_tools.schema.definitions import Field, ObjectType
from antipode_tools.schema.directives import directive_of, is_stored
from antipode_tools.schema.stamps import TIMESTAMPS
from antipode_tools.schema.times import stamps_of

ID = "id"
# The types of an id that the server makes where nobody gives it.
_IDS = ("ID", "String")


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
