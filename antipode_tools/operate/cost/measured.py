"""What CloudWatch counted of one Region's stack, as a month's traffic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from antipode_tools.operate.cost.journal import table_of
from antipode_tools.operate.cost.traffic import MINUTES_A_MONTH, UPDATE_KB, Traffic
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricStatTypeDef

DAY_S = 86_400
DAYS_A_MONTH = 30


def measured(target: Target, days: int, now: datetime) -> Traffic:
    """The traffic of the last days, at that rate for a month.

    Raises:
        OperationError: CloudWatch refuses, or is not reached.
    """
    api = {"GraphQLAPIId": target.output("ApiId")}
    relay = {"Stack": target.region.stack, "service": "relay"}
    journal = table_of(target)
    tables = [value for name, value in target.outputs.items() if name.endswith("TableName")]
    counted = {
        "published": _stat("Antipode", "Published", relay),
        "requests": _stat("AWS/AppSync", "Requests", api),
        "updates": _stat("AWS/AppSync", "OutboundMessages", api),
        "logged": _stat(
            "AWS/Logs",
            "IncomingBytes",
            {"LogGroupName": f"/aws/appsync/apis/{target.output('ApiId')}"},
        ),
        "connections": _stat("AWS/AppSync", "ActiveConnections", api, stat="Average"),
        **{
            f"writes{number}": _stat(
                "AWS/DynamoDB", "ConsumedWriteCapacityUnits", {"TableName": table}
            )
            for number, table in enumerate(tables)
        },
    }
    if journal:
        counted["journal"] = _stat(
            "AWS/DynamoDB", "ConsumedWriteCapacityUnits", {"TableName": journal}
        )
    client: CloudWatchClient = target.session.client("cloudwatch", **target.arguments)
    found = _asked(client, counted, days, now, target.region.code)
    month = DAYS_A_MONTH / days
    changes, updates = (sum(found[name]) * month for name in ("published", "updates"))
    connections = found["connections"]
    return Traffic(
        # AppSync counts the relay's requests with those of clients.
        operations=max(0.0, sum(found["requests"]) * month - changes),
        changes=changes,
        updates=updates,
        connection_minutes=sum(connections) / max(1, len(connections)) * MINUTES_A_MONTH,
        write_units=sum(sum(found[f"writes{n}"]) for n in range(len(tables))) * month,
        # No metric tells it of one API alone: at most this much.
        gigabytes_out=updates * UPDATE_KB / 1_000_000,
        kilobytes=UPDATE_KB,
        journal=sum(found["journal"]) * month if journal else None,
        api_log_gigabytes=sum(found["logged"]) * month / 1_000_000_000,
    )


def _asked(
    client: CloudWatchClient,
    counted: Mapping[str, MetricStatTypeDef],
    days: int,
    now: datetime,
    region: str,
) -> dict[str, list[float]]:
    queries: list[MetricDataQueryTypeDef] = [
        {"Id": name, "MetricStat": stat} for name, stat in counted.items()
    ]
    found: dict[str, list[float]] = {name: [] for name in counted}
    with translated(f"cannot read the metrics of {region}"):
        for page in client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=now - timedelta(days=days), EndTime=now
        ):
            for each in page["MetricDataResults"]:
                found[each["Id"]] += each["Values"]
    return found


def _stat(
    namespace: str, name: str, dimensions: Mapping[str, str], stat: str = "Sum"
) -> MetricStatTypeDef:
    return {
        "Metric": {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        },
        "Period": DAY_S,
        "Stat": stat,
    }
