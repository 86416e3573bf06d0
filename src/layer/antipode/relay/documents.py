"""The documents that the relay sends, which `antipode schema` makes out of the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from antipode.json_values import Json
from antipode.relay.attributes import WHOLE, Shape, quoted
from antipode.relay.change import ChangeKind
from antipode.relay.errors import DocumentsVersionError

# The form of publish.json. `antipode schema` writes the same number.
VERSION = 2


@dataclass(frozen=True, slots=True)
class Mutation:
    """One publish mutation: the name of its field and the document, as JSON text."""

    field: str
    query: str
    subscription: str
    """The longest name that an announcement goes out under, for the size of the payload."""


@dataclass(frozen=True, slots=True)
class Model:
    """What an announcement of a model holds, and how each kind of change is published."""

    name: str
    fields: Mapping[str, Shape]
    """The item's own: all but _change and _was."""
    earlier: Mapping[str, str]
    """The fields of _was, and their types; none of a model that has no _was."""
    owners: tuple[str, ...]
    """The fields that say whose an item is."""
    json_fields: frozenset[str]
    """The fields in which AppSync writes JSON as a string, whose quotes then count twice."""
    mutations: Mapping[ChangeKind, Mutation]


def load(text: str) -> Mapping[str, Model]:
    """The models by name, out of the text of publish.json.

    Raises:
        DocumentsVersionError: it is of another version. A function's code and its layer are updated
            one after the other, so that one may be older for a moment: Lambda tries again.
    """
    contents = json.loads(text)
    if (version := contents.get("version")) != VERSION:
        raise DocumentsVersionError(version, VERSION)
    return {name: _model(name, facts) for name, facts in contents["models"].items()}


def _model(name: str, facts: Json) -> Model:
    fields = dict(facts["fields"])
    earlier = fields.pop("_was", {})
    fields.pop("_change", None)
    return Model(
        name=name,
        fields=fields,
        earlier=earlier,
        owners=tuple(facts["owners"]),
        json_fields=frozenset(field for field, shape in fields.items() if _json(shape)),
        mutations={
            ChangeKind(kind): Mutation(
                field=mutation["field"],
                query=quoted(mutation["query"]),
                subscription=max(mutation["subscriptions"], key=len, default=mutation["field"]),
            )
            for kind, mutation in facts["mutations"].items()
        },
    )


def _json(shape: Shape) -> bool:
    if isinstance(shape, str):
        return shape == WHOLE
    return any(_json(inner) for inner in shape.values())
