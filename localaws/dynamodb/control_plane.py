"""DynamoDB's own answers about global tables, in front of an engine that knows nothing of them.

To the engine a replica is a table of its own, so it names no replicas, and would make those that
`UpdateTable` asks for in its own way, which has no lag.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.writes import Tables, tables_written
from localaws.front import Answer, Call, PassOn

_VERSION = "2019.11.21"

# Of the body, which changes here: boto3 refuses a body of another sum.
_CHECKSUM = "x-amz-crc32"


@dataclass(frozen=True)
class ControlPlane:
    """What a front does with DynamoDB's calls.

    Args:
        written: called with a Region and its tables once something was written there.
    """

    tables: GlobalTables
    written: Callable[[str, Tables], None]

    async def __call__(self, call: Call, pass_on: PassOn) -> Answer:
        """The answer to a call; any other service's is passed on."""
        service, _, operation = call.operation.partition(".")
        region = call.region
        if service != "DynamoDB_20120810" or region is None:
            return await pass_on(call)
        asked = _asked(call)
        if operation == "UpdateTable" and asked.get("ReplicaUpdates"):
            return _refused(
                "the replicas of a table on this machine are those that its stack declares"
            )
        answer = await pass_on(call)
        if answer.status != 200:
            return answer
        if (tables := tables_written(operation, asked)) != frozenset():
            self.written(region, tables)
        if operation in {"DescribeTable", "UpdateTable"}:
            return self._with_replicas(answer, region)
        return answer

    def _with_replicas(self, answer: Answer, region: str) -> Answer:
        body = json.loads(answer.body)
        for table in body.values():
            others = [each for each in self.tables.replicas(table["TableName"]) if each != region]
            if others:
                table["GlobalTableVersion"] = _VERSION
                table["Replicas"] = [
                    {"RegionName": each, "ReplicaStatus": "ACTIVE"} for each in others
                ]
        headers = tuple(each for each in answer.headers if each[0] != _CHECKSUM)
        return Answer(answer.status, headers, json.dumps(body).encode())


def _asked(call: Call) -> dict[str, Any]:
    try:
        asked = json.loads(call.body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _refused(message: str) -> Answer:
    error = {"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": message}
    headers = (("content-type", "application/x-amz-json-1.0"),)
    return Answer(400, headers, json.dumps(error).encode())
