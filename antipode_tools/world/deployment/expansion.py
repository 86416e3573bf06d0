"""A template as CloudFormation reads it in one Region: loops unrolled, parameters and conditions
folded in."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samcli.lib.cfn_language_extensions import (  # type: ignore[import-untyped]  # it has no types
    InvalidTemplateException,
    PseudoParameterValues,
    TemplateProcessingContext,
    create_default_pipeline,
)

from antipode_tools.world.deployment.substitutions import plain

# A CloudFormation template or a part of it, as the yaml module reads it.
Node = Any
Template = dict[str, Any]


class TemplateRefused(ValueError):
    """The template is wrong, whatever engine it is for: the message says where."""


@dataclass(frozen=True)
class Place:
    """Where a template is to be deployed, and what stands there in AppSync's place.

    Args:
        region: its code (eu-west-1).
        api: what `Fn::GetAtt` of a GraphQL API answers here, for the attributes that differ.
        gateway: the same of an HTTP API.
    """

    region: str
    account: str
    stack: str
    api: Mapping[str, str]
    gateway: Mapping[str, str] = field(default_factory=dict)


def expand(
    template: Template, place: Place, parameters: Mapping[str, str]
) -> tuple[Template, Mapping[str, bool]]:
    """Loops unrolled, parameters and conditions folded in; and what each condition came to.

    Raises:
        TemplateRefused
    """
    context = TemplateProcessingContext(
        fragment=plain(copy.deepcopy(template)),
        parameter_values={**defaults(template), **parameters},
        pseudo_parameters=PseudoParameterValues(
            region=place.region, account_id=place.account, stack_name=place.stack
        ),
    )
    try:
        expanded = create_default_pipeline(context).process_template(context)
    except InvalidTemplateException as error:
        raise TemplateRefused(str(error)) from error
    return expanded, context.resolved_conditions


def defaults(template: Template) -> dict[str, str]:
    """The values of a template's parameters that nobody sets: text, whatever their type."""
    return {
        name: text_of(parameter["Default"])
        for name, parameter in template.get("Parameters", {}).items()
        if "Default" in parameter
    }


def text_of(value: object) -> str:
    """A value as a parameter has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
