"""The alarms of one Region's stack, in CloudWatch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient


@dataclass(frozen=True)
class CloudWatchAlarms:
    """The Alarms of one Region, which CloudFormation names for their stack."""

    client: CloudWatchClient
    stack: str

    def ringing(self) -> frozenset[str]:
        """Asks for those in the state ALARM, composite ones among them."""
        names: set[str] = set()
        with translated(f"cannot read the alarms in {self.client.meta.region_name}"):
            for page in self.client.get_paginator("describe_alarms").paginate(
                AlarmNamePrefix=f"{self.stack}-",
                AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                StateValue="ALARM",
            ):
                found = [*page["MetricAlarms"], *page["CompositeAlarms"]]
                names |= {each["AlarmName"] for each in found}
        return frozenset(names)
