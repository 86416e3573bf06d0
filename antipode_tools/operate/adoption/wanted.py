"""The table that the project's template makes for a model, with its loops unrolled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samcli.lib.cfn_language_extensions import (  # type: ignore[import-untyped] # it has no types
    PseudoParameterValues,
    TemplateProcessingContext,
    create_default_pipeline,
)

from antipode_tools.operate.adoption.live import Part, logical_id
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import parameter
from antipode_tools.project.template_reading import read_template


@dataclass(frozen=True)
class WantedTable:
    """What a deployment would make of a table.

    Args:
        types: of the attributes that keys and indexes use.
        ttl: the attribute that items expire by; empty for none.
        regions: that have a replica.
        by_parameter: a parameter says what it is called, as @model(table:) has it.
    """

    name: str
    types: Mapping[str, str]
    keys: Sequence[Part]
    indexes: Sequence[Part]
    ttl: str
    encrypted: bool
    regions: Sequence[str]
    by_parameter: bool = False


def wanted(template: str, model: str, owner: Region) -> WantedTable | None:
    """The table of a model; None where there is no such model.

    Args:
        template: the text of template.yaml.
        owner: the home Region, by whose parameters the table is made.
    """
    fragment = read_template(template)
    context = TemplateProcessingContext(
        fragment=fragment,
        parameter_values={
            **{
                name: str(each.get("Default", ""))
                for name, each in fragment.get("Parameters", {}).items()
            },
            **owner.parameters,
        },
        pseudo_parameters=PseudoParameterValues(
            region=owner.code, account_id="111122223333", stack_name=owner.stack
        ),
    )
    expanded = create_default_pipeline(context).process_template(context)
    resource = expanded["Resources"].get(logical_id(model))
    named = parameter(model) in fragment.get("Parameters", {})
    return _table(resource["Properties"], by_parameter=named) if resource else None


def _table(properties: Mapping[str, Any], *, by_parameter: bool) -> WantedTable:
    return WantedTable(
        name=properties["TableName"],
        types={
            each["AttributeName"]: each["AttributeType"]
            for each in properties["AttributeDefinitions"]
        },
        keys=properties["KeySchema"],
        indexes=properties.get("GlobalSecondaryIndexes", []),
        ttl=properties.get("TimeToLiveSpecification", {}).get("AttributeName", ""),
        encrypted=bool(properties["SSESpecification"]["SSEEnabled"]),
        regions=[each["Region"] for each in properties["Replicas"]],
        by_parameter=by_parameter,
    )
