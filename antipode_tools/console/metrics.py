"""What CloudWatch counted of a Region's relay lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from antipode_tools.operate.redrive.services import RELAY
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

MINUTES = 15


def lately(target: Target, others: Sequence[str], now: datetime) -> Mapping[str, float | None]:
    """Counts and milliseconds of the last minutes; None where there is no data.

    Args:
        others: the codes of the Regions that write, by which the lag is kept.

    Raises:
        OperationError: CloudWatch refuses, or is not reached.
    """
    client: CloudWatchClient = target.session.client("cloudwatch", **target.arguments)
    queries = asked(target.region.stack, target.output(RELAY), others)
    names = {f"m{number}": name for number, name in enumerate(queries)}
    wanted: list[MetricDataQueryTypeDef] = [
        {**query, "Id": id_} for id_, query in zip(names, queries.values(), strict=True)
    ]
    found: dict[str, float | None] = dict.fromkeys(queries)
    with translated(f"cannot read the metrics of {target.region.code}"):
        answer = client.get_metric_data(
            MetricDataQueries=wanted, StartTime=now - timedelta(minutes=MINUTES), EndTime=now
        )
    for each in answer["MetricDataResults"]:
        name = names[each["Id"]]
        if each["Values"]:
            found[name] = max(each["Values"])
    return found


def asked(stack: str, relay: str, others: Sequence[str]) -> Mapping[str, MetricDataQueryTypeDef]:
    """The queries, one value each for the whole time.

    Args:
        relay: the relay's function.
    """
    own = {"Stack": stack, "service": "relay"}
    return {
        "published": _query("Antipode", "Published", own, "Sum"),
        "failed": _query("Antipode", "Failed", own, "Sum"),
        "record_age": _query("Antipode", "RecordAge", own, "p99"),
        "iterator_age": _query("AWS/Lambda", "IteratorAge", {"FunctionName": relay}, "Maximum"),
        **{
            f"lag of {code}": _query(
                "Antipode", "ReplicationLag", {**own, "SourceRegion": code}, "p99"
            )
            for code in others
        },
    }


def _query(
    namespace: str, name: str, dimensions: Mapping[str, str], stat: str
) -> MetricDataQueryTypeDef:
    return {
        "Id": "",
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [
                    {"Name": each, "Value": value} for each, value in dimensions.items()
                ],
            },
            "Period": MINUTES * 60,
            "Stat": stat,
        },
    }
