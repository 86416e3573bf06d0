"""Reads a CloudFormation template as it is written, with its short forms spelt out."""

from __future__ import annotations

from typing import Any

import yaml

from antipode_tools.project.yaml_loader import SafeLoader

# A template's values, as YAML has them: parsed where their shapes matter.
Node = Any


def read_template(text: str) -> Node:
    """The template, in which !Ref, !GetAtt and their like are {"Ref": ...}, {"Fn::GetAtt": [...]}.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, _Loader)  # a SafeLoader


class _Loader(SafeLoader):
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


_Loader.add_multi_constructor("!", _short_form)
