"""What one stack carries: how many models, by which names, and how deep documents may be."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from antipode_tools.schema import journal
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.model import Model
from antipode_tools.schema.models import operations_of
from antipode_tools.schema.operations import publish_kinds
from antipode_tools.schema.template import parsed, unmodelled

# The variables of loops that repeat something for each model.
_PER_MODEL = {"Model", "Table"}
# Of loops that repeat something for each code of a place. Counted as for one.
_PER_PLACE = {"Continent", "Country"}

# CloudFormation's limit for a stack.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_RESOURCES = 500
# A table, its stream's mapping and its data source.
_OF_A_MODEL = 3
_RESOURCE = re.compile(r"(?m)^  ([\w:]+):$")


def fixed(template: str) -> int:
    """How many of the template's resources do not depend on the models. Functions and layers have
    roles of their own here, so that SAM makes one resource of each."""
    resources = parsed(unmodelled(template))["Resources"]
    loops = [body for name, body in resources.items() if name.startswith("Fn::ForEach")]
    places = [name for variable, _, body in loops for name in body if variable in _PER_PLACE]
    return len(resources) - len(loops) + len(places)


def resources(model: Model) -> int:
    """How many resources a model takes: beside its table a resolver for each field that has one."""
    operations = len(operations_of(model)) + len(publish_kinds(model))
    return _OF_A_MODEL + operations + len(model.relations) + len(model.hidden)


def check_capacity(of_the_rest: int, models: Iterable[Model], operations: int = 0) -> None:
    """Raises Refused if so many models do not fit one stack.

    Args:
        of_the_rest: the resources that every project has.
        operations: those that serve operations of the user's own.
    """
    models = tuple(models)
    needs = {model.name: resources(model) for model in models}
    keeping = journal.resources(models)
    needed = of_the_rest + operations + keeping + sum(needs.values())
    if needed <= MAX_RESOURCES:
        return
    largest = max(needs, key=lambda model: needs[model])
    raise Refused(
        [
            Diagnostic(
                None,
                f"{len(needs)} models need {needed} resources ({of_the_rest} whatever they are, "
                f"{f'{operations} for operations of your own, ' if operations else ''}"
                f"{f'{keeping} to tell of what was missed, ' if keeping else ''}"
                f"and {sum(needs.values())} for their tables and resolvers), and a stack has "
                f"{MAX_RESOURCES}. {largest} takes most, {needs[largest]}: leave operations out "
                "that nobody calls, by @model(queries:, mutations:, subscriptions:) and "
                "queryField: null, or deploy some models as a second stack",
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
        for id_ in _ids(section, model.id)
        if id_ in section
    ]
    if diagnostics:
        raise Refused(diagnostics)


def _ids(section: Mapping[str, Any], model: str) -> Iterator[str]:
    """The logical ids that loops make for a model."""
    for name, body in section.items():
        if name.startswith("Fn::ForEach") and body[0] in _PER_MODEL:
            yield from (each.replace(f"${{{body[0]}}}", model) for each in body[2])


def check_unique(template: str) -> None:
    """Raises Refused if two resources of the template have one logical id: YAML would keep the
    last."""
    section = template.partition("\nResources:\n")[2].partition("\nOutputs:\n")[0]
    found = Counter(_RESOURCE.findall(section))
    twice = sorted(id_ for id_, number in found.items() if number > 1)
    if twice:
        raise Refused(
            Diagnostic(
                None,
                f"two resources of template.yaml have the logical id {id_}: rename an operation, a "
                "field or a query, whose letters and digits are its part",
            )
            for id_ in twice
        )


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
