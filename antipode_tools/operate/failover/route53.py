"""The DNS record of a name, in one hosted zone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from antipode_tools.operate.failover.handover import Held
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_route53.type_defs import AliasTargetTypeDef, ResourceRecordTypeDef
    from mypy_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef as Record
    from mypy_boto3_route53.type_defs import ResourceRecordSetTypeDef as NewRecord

# A change is with every name server of Route 53 within 60 seconds, as a rule:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
_LOOKS, _PAUSE_S = 60, 5.0

_POINTERS = ("A", "AAAA", "CNAME")


class Route53Names:
    """The Names of one hosted zone. A CNAME stays one; else the name gets two alias records."""

    def __init__(self, client: Route53Client, zone: str, *, sleep: Callable[[float], None]) -> None:
        self._client, self._zone, self._sleep = client, zone, sleep

    def pointer(self, name: str) -> str | None:
        """What all of the name's records point to; None where they do not agree, or there is none.

        Raises:
            OperationError: a routing policy chooses among several records.
        """
        targets = {_target(record) for record in self._records(name)}
        return targets.pop() if len(targets) == 1 else None

    def point(self, name: str, held: Held) -> None:
        """Writes the records, and waits until they are everywhere."""
        records = _anew(name, held, self._records(name))
        with translated(f"cannot change the records of {name} in zone {self._zone}"):
            changed = self._client.change_resource_record_sets(
                HostedZoneId=self._zone,
                ChangeBatch={
                    "Changes": [
                        {"Action": "UPSERT", "ResourceRecordSet": record} for record in records
                    ]
                },
            )
        self._wait(changed["ChangeInfo"]["Id"])

    def _records(self, name: str) -> list[Record]:
        with translated(f"cannot read the records of {name} in zone {self._zone}"):
            answer = self._client.list_resource_record_sets(
                HostedZoneId=self._zone, StartRecordName=name, MaxItems="20"
            )
        found = [
            record
            for record in answer["ResourceRecordSets"]
            if _plain(record["Name"]) == name and record["Type"] in _POINTERS
        ]
        if any("SetIdentifier" in record for record in found):
            raise OperationError(
                f"a routing policy chooses among the records of {name}:"
                " a name that is handed over has one record; remove them, or use another name"
            )
        return found

    def _wait(self, change: str) -> None:
        for _ in range(_LOOKS):
            with translated(f"cannot ask for change {change}"):
                if self._client.get_change(Id=change)["ChangeInfo"]["Status"] == "INSYNC":
                    return
            self._sleep(_PAUSE_S)
        raise OperationError(
            f"change {change} is not with every name server after {_LOOKS * _PAUSE_S:.0f} s;"
            " it will be: check with aws route53 get-change"
        )


def _target(record: Record) -> str | None:
    if "AliasTarget" in record:
        return _plain(record["AliasTarget"]["DNSName"])
    values = [each["Value"] for each in record.get("ResourceRecords", [])]
    return _plain(values[0]) if record["Type"] == "CNAME" and values else None


def _anew(name: str, held: Held, old: Sequence[Record]) -> list[NewRecord]:
    for record in old:
        if record["Type"] == "CNAME":
            value: ResourceRecordTypeDef = {"Value": held.target}
            return [{"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [value]}]
    target: AliasTargetTypeDef = {
        "DNSName": held.target,
        "HostedZoneId": held.zone,
        "EvaluateTargetHealth": False,
    }
    return [
        {"Name": name, "Type": "A", "AliasTarget": target},
        {"Name": name, "Type": "AAAA", "AliasTarget": target},
    ]


def _plain(name: str) -> str:
    """Without the dot at its end, which Route 53 adds."""
    return name.rstrip(".").lower()
