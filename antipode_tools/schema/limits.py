"""What one stack carries: how many models, by which names, and how deep documents may be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.models import KINDS, Model
from antipode_tools.schema.template import parsed

# The variables of loops that repeat something for each model.
_PER_MODEL = {"Model", "Table"}
# Of loops that repeat something for each code of a place. Counted as for one.
_PER_PLACE = {"Continent", "Country"}

# CloudFormation's limit for a stack.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_RESOURCES = 500


@dataclass(frozen=True)
class Capacity:
    """What of a stack's resources does not depend on the models, and what each of them adds. A
    subscription to all changes adds another, and so does each index."""

    fixed: int
    per_model: int

    @property
    def models(self) -> int:
        """How many models one stack carries."""
        return (MAX_RESOURCES - self.fixed) // self.per_model


def capacity(template: str) -> Capacity:
    """The resources of the template, counted. Functions and layers have roles of their own here, so
    that SAM makes one resource of each."""
    resources = parsed(template)["Resources"]
    loops = [body for name, body in resources.items() if name.startswith("Fn::ForEach")]
    # Each loop is its variable, its collection and what it repeats. A table is in one of several,
    # and a model's subscriptions, one for each kind of change, are in a loop of their own.
    repeated = {name for variable, _, body in loops for name in body if variable in _PER_MODEL}
    places = [name for variable, _, body in loops for name in body if variable in _PER_PLACE]
    per_model = len(repeated) + len(KINDS)
    return Capacity(len(resources) - len(loops) + len(places), per_model)


def check_capacity(
    room: Capacity, models: int, *, subscriptions: int = 0, queries: int = 0
) -> None:
    """Raises Refused if so many models do not fit one stack.

    Args:
        subscriptions: how many there are to all changes of a model.
        queries: how many there are by an index.
    """
    needed = room.fixed + models * room.per_model + subscriptions + queries
    if needed > MAX_RESOURCES:
        parts = [f"{room.fixed} and {room.per_model} a model"]
        parts += [f"{subscriptions} for subscriptions to all changes"] * bool(subscriptions)
        parts += [f"{queries} for queries by an index"] * bool(queries)
        raise Refused(
            [
                Diagnostic(
                    None,
                    f"{models} models need {needed} resources ({', and '.join(parts)}), and a "
                    f"stack has {MAX_RESOURCES}: {room.models} models with neither onChange "
                    "nor indexes fit; deploy the others as a second stack",
                )
            ]
        )


def check_ids(models: Iterable[Model], template: str) -> None:
    """Raises Refused if a resource or an output of a model has the logical id of another's."""
    whole = parsed(template)
    diagnostics = [
        Diagnostic(
            model.type.line,
            f"the model {model.name} needs the logical id {id_}, which template.yaml has already: "
            "choose another name",
        )
        for section in (whole["Resources"], whole.get("Outputs", {}))
        for model in models
        for id_ in _ids(section, model.name)
        if id_ in section
    ]
    if diagnostics:
        raise Refused(diagnostics)


def _ids(section: Mapping[str, Any], model: str) -> Iterator[str]:
    """The logical ids that loops make for a model."""
    for name, body in section.items():
        if name.startswith("Fn::ForEach") and body[0] in _PER_MODEL:
            yield from (each.replace(f"${{{body[0]}}}", model) for each in body[2])


def depth_limit(template: str) -> int:
    """The default of `QueryDepthLimit`; 0 is none."""
    return int(parsed(template)["Parameters"]["QueryDepthLimit"]["Default"])


def check_depth(documents: str, limit: int) -> None:
    """Raises Refused if the API would not take the relay's own documents, for they nest too deep.

    Args:
        documents: what src/relay/publish.json is to hold.
    """
    if limit == 0:
        return
    depths = {model: _depth(document) for model, document in _publishes(documents)}
    deeper = {model: depth for model, depth in depths.items() if depth > limit}
    if deeper:
        raise Refused(
            Diagnostic(
                None,
                f"the relay's documents for {model} nest {depth} levels, and the API takes "
                f"{limit}: raise the default of QueryDepthLimit in template.yaml",
            )
            for model, depth in deeper.items()
        )


def _publishes(documents: str) -> Iterator[tuple[str, SelectionSetNode]]:
    for model, its in json.loads(documents)["models"].items():
        for mutation in its["mutations"].values():
            [operation] = parse(mutation["query"]).definitions
            if isinstance(operation, OperationDefinitionNode):
                yield model, operation.selection_set


def _depth(selections: SelectionSetNode) -> int:
    """How many fields stand one in the other. A condition on a type is no level."""
    return max(map(_levels, selections.selections))


def _levels(selection: SelectionNode) -> int:
    below = getattr(selection, "selection_set", None)
    return int(isinstance(selection, FieldNode)) + (_depth(below) if below else 0)
