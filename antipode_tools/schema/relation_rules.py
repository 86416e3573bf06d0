"""Relations whose first item is hard to make."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import relation_of


def check_relations(definitions: Definitions) -> Iterator[Diagnostic]:
    """Circles of relations that are required. The relations must be whole, and right."""
    told: set[str] = set()
    for model in definitions.models:
        circle = _circle(definitions, model, model, set())
        if circle and model.name not in told:
            told.update(field.named for field in circle)
            yield _needs_itself(model, circle)


def _circle(
    definitions: Definitions, model: ObjectType, at: ObjectType, seen: set[str]
) -> tuple[Field, ...]:
    """The required relations that lead from a model back to it; none if there is no such way.
    `seen` are the models from which there was none."""
    for field in at.fields:
        related = definitions.by_name.get(field.named)
        needed = field.is_required and not field.is_list and relation_of(field) is not None
        if not needed or not isinstance(related, ObjectType) or related.name in seen:
            continue
        if related.name == model.name:
            return (field,)
        seen.add(related.name)
        if circle := _circle(definitions, model, related, seen):
            return (field, *circle)
    return ()


def _needs_itself(model: ObjectType, circle: tuple[Field, ...]) -> Diagnostic:
    steps = ".".join([model.name, *(field.name for field in circle)])
    return Diagnostic(
        circle[0].line,
        f"{steps} leads back to {model.name} by relations that are all required: the first item "
        "has to name another that is not there yet, by an id of the client's making. Take the ! "
        "off one",
        refused=False,
    )
