"""Reads a CloudFormation template as it is written."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.yaml_loader import SafeLoader
from antipode_tools.schema import template as generated
from antipode_tools.schema.compiler import compile_models

# A template's values, as YAML has them: parsed where their shapes matter.
Node = Any


class Loader(SafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: SafeLoader, suffix: str, node: yaml.Node) -> Node:
    value: Node
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise ValueError(f"!{suffix} of {node}")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", _short_form)


def load(text: str) -> Node:
    """A template as it is written, with its short forms spelt out."""
    return yaml.load(text, Loader)


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
