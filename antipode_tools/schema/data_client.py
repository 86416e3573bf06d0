"""How Amplify's data client calls a model's operations, and how it reads what is related.

By the package that does: npm's @aws-amplify/data-schema, in APIClient.mjs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.model import Index, Model, Relation
from antipode_tools.schema.operation_names import KINDS

# Parsed JSON.
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One operation as the client knows it.

    Attributes:
        part: what the client takes it for: queries, mutations or subscriptions.
        kind: the client's function: get.
        name: the field that it calls: getTodo.
        found: the model's own name for it, None where it has none such.
    """

    part: str
    kind: str
    name: str
    found: str | None

    @property
    def is_offered(self) -> bool:
        """Whether the client calls what is there."""
        return self.name == self.found


def calls(model: Model) -> tuple[Call, ...]:
    """The operations of a model."""
    names, title, many = model.names, model.title, plural(model)
    found = [
        Call("queries", "get", f"get{title}", names.get),
        Call("queries", "list", f"list{many}", names.list),
        Call("mutations", "create", f"create{title}", names.create),
        Call("mutations", "update", f"update{title}", names.update),
        Call("mutations", "delete", f"delete{title}", names.delete),
    ]
    for kind in KINDS:
        name, heard = f"on{kind}{title}", names.on.get(kind, ())
        other = name if name in heard else next(iter(heard), None)
        found.append(Call("subscriptions", f"on{kind}", name, other))
    return tuple(found)


def is_offered(model: Model, kind: str) -> bool:
    """Whether the client has the function for a model."""
    return any(call.is_offered for call in calls(model) if call.kind == kind)


def plural(model: Model) -> str:
    """The plural that makes the name of the list as the model has it, or else Amplify's."""
    named = (model.names.list or "").removeprefix("list")
    is_plural = model.names.list == f"list{named}" and named == naming.upper(named) != ""
    return named if is_plural else naming.plural(model.name)


def association(model: Model, relation: Relation, related: Model) -> Json | None:
    """How the client reads related items; None where it would look for them by other values than
    those that relate them.

    It gets one that this item holds the key of, and lists others with a filter by its own key.
    """
    keyed = relation.index or related
    theirs = [field.name for field in keyed.key[: len(relation.by)]]
    if relation.index is None and not relation.many:
        # The rest of a key it takes from fields that have the related model's names.
        is_read = list(relation.by[1:]) == theirs[1:]
        held = {"connectionType": "BELONGS_TO", "targetNames": list(relation.by)}
        return held if is_read else None
    if list(relation.by) != [field.name for field in model.key[: len(relation.by)]]:
        return None
    if relation.many:
        return {"connectionType": "HAS_MANY", "associatedWith": theirs}
    return {"connectionType": "HAS_ONE", "associatedWith": theirs, "targetNames": []}


def is_asked(model: Model, index: Index) -> bool:
    """Whether the client can ask by an index: it gives the partition, which an index by the owner
    does not take."""
    return index.query is not None
