"""What a stack declares of its API: a pipeline's functions, which the engine does not list.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-appsync-functionconfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from localaws.appsync.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef


@dataclass(frozen=True)
class Declared:
    """What a stack says of one API.

    Args:
        functions: as ListFunctions describes them, by their ids.
        resolvers: (type name, field name) of each, whether the schema has them or not.
        code: what stands in the template's `Metadata` under `Code`, by the names that resolvers and
            functions have for theirs. Many share one, and a template has at most 1 MB.
    """

    functions: Mapping[str, Json] = field(default_factory=dict)
    resolvers: tuple[tuple[str, str], ...] = ()
    code: Mapping[str, str] = field(default_factory=dict)

    def whole(self, described: Json) -> Json:
        """What describes a resolver or a function, with its code instead of a name for it."""
        code = described.get("code")
        return {**described, "code": self.code.get(code, code)} if code else described


def read_declared(client: CloudFormationClient, stack: str, api_id: str) -> Declared:
    """What a deployed stack declares, from its processed template and its resources."""
    template: Json = client.get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    listed = [each for page in pages for each in page["StackResourceSummaries"]]
    return declared_in(template, listed, api_id)


def declared_in(template: Json, listed: list[StackResourceSummaryTypeDef], api_id: str) -> Declared:
    """The same of a template, as JSON, and the resources that were made of it."""
    template = template if isinstance(template, Mapping) else {}
    resources = template.get("Resources", {})
    functions, resolvers = {}, []
    for each in listed:
        physical = each.get("PhysicalResourceId", "")
        match each["ResourceType"]:
            case "AWS::AppSync::FunctionConfiguration" if f"apis/{api_id}/" in physical:
                properties = resources.get(each["LogicalResourceId"], {}).get("Properties", {})
                functions[physical.rsplit("/", 1)[-1]] = _function(properties, resources)
            case "AWS::AppSync::Resolver" if physical.startswith(f"{api_id}/"):
                _, type_name, field_name = physical.split("/", 2)
                resolvers.append((type_name, field_name))
    code = template.get("Metadata", {}).get("Code", {})
    return Declared(functions, tuple(resolvers), code)


def _function(properties: Json, resources: Json) -> Json:
    return {
        "name": properties.get("Name"),
        "dataSourceName": _source_name(properties.get("DataSourceName"), resources),
        "code": properties.get("Code"),
        "maxBatchSize": int(properties.get("MaxBatchSize") or 0),
    }


def _source_name(value: Json, resources: Json) -> Json:
    """The name itself, or that of the data source whose `Name` is asked for."""
    match value:
        case {"Fn::GetAtt": [str(logical_id), "Name"]}:
            return resources.get(logical_id, {}).get("Properties", {}).get("Name")
        case {"Fn::GetAtt": str(path)} if path.endswith(".Name"):
            return _source_name({"Fn::GetAtt": path.split(".")}, resources)
        case _:
            return value
