"""The records of the shared name and the Region's health check, as the template describes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# A part of a template whose loops and conditions have been resolved.
Node = Any

RECORDS_TYPE = "AWS::Route53::RecordSetGroup"
CHECK_TYPE = "AWS::Route53::HealthCheck"


class Policy(StrEnum):
    """A routing policy, by the name of its property."""

    LATENCY = "Region"
    GEOLOCATION = "GeoLocation"
    WEIGHTED = "Weight"
    FAILOVER = "Failover"


@dataclass(frozen=True)
class Record:
    """One record, for IPv4; the one for IPv6 is the same.

    Args:
        region: the Region whose stack made it.
        value: its policy's value: a weight, a role, a place (`EU`, `IE`, `*`).
        alias: the name in the same zone that it points to, if it does not point to a gateway.
    """

    name: str
    region: str
    policy: Policy
    value: str
    alias: str | None = None


@dataclass(frozen=True)
class HealthCheck:
    """What Route 53's checkers request, and how often it must fail in a row to count as failed."""

    path: str
    threshold: int


@dataclass(frozen=True)
class Routing:
    """The records and the health check of one Region's stack."""

    domain: str
    records: tuple[Record, ...]
    check: HealthCheck


def routing(resources: Mapping[str, Node], region: str) -> Routing | None:
    """The part of the shared name that a Region's stack declares; None if it declares none."""
    checks = [each["Properties"] for each in _of_type(resources, CHECK_TYPE).values()]
    domains = _of_type(resources, "AWS::ApiGatewayV2::DomainName").values()
    if not checks or not domains:
        return None
    config = checks[0]["HealthCheckConfig"]
    return Routing(
        domain=next(iter(domains))["Properties"]["DomainName"],
        records=tuple(_records(_of_type(resources, RECORDS_TYPE).values(), region)),
        check=HealthCheck(config["ResourcePath"], int(config["FailureThreshold"])),
    )


def _of_type(resources: Mapping[str, Node], kind: str) -> dict[str, Node]:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def _records(groups: Iterable[Node], region: str) -> list[Record]:
    return [
        _record(record, region)
        for group in groups
        for record in group["Properties"]["RecordSets"]
        # A record without a policy belongs to another name: the API's own.
        if record["Type"] == "A" and any(policy in record for policy in Policy)
    ]


def _record(record: Node, region: str) -> Record:
    policy = next(policy for policy in Policy if policy in record)
    target = record["AliasTarget"]["DNSName"]
    return Record(
        name=record["Name"],
        region=region,
        policy=policy,
        value=_value(record[policy]),
        # A gateway's name is an attribute, which only a deployment knows.
        alias=target if isinstance(target, str) else None,
    )


def _value(told: Node) -> str:
    return str(next(iter(told.values())) if isinstance(told, Mapping) else told)
