"""Reads a CloudFormation template as it is written."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.template_reading import Node as Node
from antipode_tools.project.template_reading import read_template
from antipode_tools.schema import template as generated
from antipode_tools.schema.compiler import compile_models


def load(text: str) -> Node:
    """A template as it is written, with its short forms spelt out."""
    return read_template(text)


def load_file(path: Path) -> Node:
    return load(path.read_text())


def walk(node: Node) -> Iterator[Node]:
    """Every value in a template, itself first."""
    yield node
    match node:
        case dict():
            children = list(node.values())
        case list():
            children = node
        case _:
            return
    for child in children:
        yield from walk(child)


def loops(template: Node) -> list[Node]:
    """The loops over all models: each its identifier, its list, and what it makes of each."""
    sections = (template["Resources"], template["Outputs"])
    return [
        loop
        for section in sections
        for key, loop in section.items()
        if key.startswith("Fn::ForEach::") and loop[0] == "Model"
    ]


def table_loops(template: Node) -> list[Node]:
    """The loops over the tables of one shape each."""
    return [
        loop
        for key, loop in template["Resources"].items()
        if key.startswith("Fn::ForEach::") and loop[0] == "Table"
    ]


def with_models(template: Node, *models: str) -> Node:
    """The template of a project with these models, all with the key `id` alone."""
    changed = copy.deepcopy(template)
    for loop in [*loops(changed), *table_loops(changed)]:
        loop[1] = list(models)
    changed["Resources"]["Replicas"]["Properties"]["Tables"] = {
        model: {
            "Fn::If": [
                "IsOwner",
                {"Ref": f"{model}Table"},
                {"Fn::Sub": f"${{AWS::StackName}}-{model}"},
            ]
        }
        for model in models
    }
    return changed


def written_for(text: str, source: str, mode: AuthMode = AuthMode.API_KEY) -> str:
    """The text of the template, as `antipode schema` writes it for these models."""
    return generated.with_models(text, compile_models(source, modes=[mode]))
