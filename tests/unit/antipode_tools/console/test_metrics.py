"""What CloudWatch is asked of a relay, and what its answer says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from antipode_tools.console.metrics import asked, lately
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from tests.fakes.places import a_target

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)


@dataclass
class CloudWatch:
    """Answers with values by the metrics' names; where there are none, it refuses."""

    values: dict[str, list[float]] | None
    asked: list[Any] = field(default_factory=list)

    def get_metric_data(self, **wanted: Any) -> Any:
        self.asked.append(wanted)
        if self.values is None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetMetricData")
        return {
            "MetricDataResults": [
                {
                    "Id": each["Id"],
                    "Values": self.values.get(each["MetricStat"]["Metric"]["MetricName"], []),
                }
                for each in wanted["MetricDataQueries"]
            ]
        }


@dataclass
class Session:
    """Of one client."""

    cloudwatch: CloudWatch

    def client(self, service: str, **_: Any) -> Any:
        assert service == "cloudwatch"
        return self.cloudwatch


def target(cloudwatch: CloudWatch) -> Target:
    session: Any = Session(cloudwatch)
    return replace(a_target(), session=session, outputs={"RelayFunctionName": "relay-1"})


def test_the_last_minutes_are_told_and_nothing_where_there_is_no_data() -> None:
    cloudwatch = CloudWatch({"Published": [7.0], "IteratorAge": [1.0, 4.0], "Failed": [0.0]})
    assert lately(target(cloudwatch), ["eu-west-1"], NOW) == {
        "published": 7.0,
        "failed": 0.0,
        "record_age": None,
        "iterator_age": 4.0,
        "lag of eu-west-1": None,
    }
    [wanted] = cloudwatch.asked
    assert (NOW - wanted["StartTime"]).total_seconds() == 15 * 60
    assert len({each["Id"] for each in wanted["MetricDataQueries"]}) == 5


def test_the_lag_is_asked_by_the_region_that_wrote() -> None:
    metric = asked("shop", "relay-1", ["ap-southeast-2"])["lag of ap-southeast-2"]["MetricStat"][
        "Metric"
    ]
    assert metric == {
        "Namespace": "Antipode",
        "MetricName": "ReplicationLag",
        "Dimensions": [
            {"Name": "Stack", "Value": "shop"},
            {"Name": "service", "Value": "relay"},
            {"Name": "SourceRegion", "Value": "ap-southeast-2"},
        ],
    }


def test_what_aws_refuses_is_said() -> None:
    with pytest.raises(OperationError, match="cannot read the metrics of code-of-ireland"):
        lately(target(CloudWatch(None)), [], NOW)
