"""Which event source mappings are deployed in a Region, and as what their stacks declare them.

An engine has its own poller. To keep it off a mapping, deploy the mapping disabled, `Properties:
{Enabled: false}`, and declare in its `Metadata: {Enabled: true}` whether it is to be served here. A
mapping without that metadata is not served here.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from localaws.event_source_mapping.filters import FilterError
from localaws.event_source_mapping.ports import DeployedMapping
from localaws.event_source_mapping.settings import Settings, SettingsError, truth

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef

log = logging.getLogger(__name__)

_MAPPING = "AWS::Lambda::EventSourceMapping"


class Discovery:
    """Looks for the mappings of one Region, again and again.

    A stack's resources are read once for each of its updates: there is a call for each mapping.
    """

    def __init__(self, functions: LambdaClient, stacks: CloudFormationClient) -> None:
        self._functions = functions
        self._stacks = stacks
        self._read: dict[str, tuple[datetime, Mapping[str, bool]]] = {}

    def mappings(self) -> list[DeployedMapping]:
        """The mappings of DynamoDB streams whose stacks say whether to serve them."""
        wanted = self._intended_states()
        pages = self._functions.get_paginator("list_event_source_mappings").paginate()
        configurations = (each for page in pages for each in page["EventSourceMappings"])
        read = (_read(each, wanted) for each in configurations if each["UUID"] in wanted)
        return [mapping for mapping in read if mapping is not None]

    def _intended_states(self) -> dict[str, bool]:
        """Whether each mapping is meant to be enabled, by id, where its stack says so."""
        found: dict[str, bool] = {}
        for page in self._stacks.get_paginator("describe_stacks").paginate():
            for stack in page["Stacks"]:
                found.update(self._of(stack))
        return found

    def _of(self, stack: StackTypeDef) -> Mapping[str, bool]:
        name, updated = stack["StackName"], stack.get("LastUpdatedTime", stack["CreationTime"])
        known = self._read.get(name)
        if known and known[0] == updated:
            return known[1]
        found = dict(_of_stack(self._stacks, name))
        # Of one that is being updated there is more to come, and its time stays.
        if stack["StackStatus"].endswith("_COMPLETE"):
            self._read[name] = updated, found
        return found


def _of_stack(stacks: CloudFormationClient, name: str) -> Iterator[tuple[str, bool]]:
    for page in stacks.get_paginator("list_stack_resources").paginate(StackName=name):
        for resource in page["StackResourceSummaries"]:
            mapping_id = resource.get("PhysicalResourceId")
            if resource["ResourceType"] != _MAPPING or not mapping_id:
                continue
            logical_id = resource["LogicalResourceId"]
            detail = stacks.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
            metadata = json.loads(detail["StackResourceDetail"].get("Metadata") or "{}")
            if "Enabled" in metadata:
                yield mapping_id, truth(metadata["Enabled"])


def _read(
    configuration: EventSourceMappingConfigurationTypeDef, wanted: Mapping[str, bool]
) -> DeployedMapping | None:
    if ":dynamodb:" not in configuration.get("EventSourceArn", ""):
        return None
    plain: Mapping[str, Any] = dict(configuration)
    try:
        settings = Settings.from_api(plain)
    except (SettingsError, FilterError) as error:
        log.error("event source mapping %s cannot be served: %s", configuration["UUID"], error)
        return None
    return DeployedMapping(
        mapping_id=configuration["UUID"],
        function_arn=configuration["FunctionArn"],
        stream_arn=configuration["EventSourceArn"],
        enabled=wanted[configuration["UUID"]],
        settings=settings,
    )
