"""The exact calls to Route 53."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from antipode_tools.operate.failover.handover import Held
from antipode_tools.operate.failover.route53 import Route53Names
from antipode_tools.operate.stacks.errors import OperationError
from tests.fakes.clock import Clock
from tests.unit.antipode_tools.operate.failover.fakes import NAME

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

ZONE = "Z0123456789ABCDEFGHIJ"
SYDNEY = Held("d222222abcdef8.cloudfront.net", "Z2FDTNDATAQYW2")


@pytest.fixture
def client() -> Route53Client:
    return boto3.Session("test", "test").client("route53")


@pytest.fixture
def stubber(client: Route53Client) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def names(client: Route53Client, clock: Clock) -> Route53Names:
    return Route53Names(client, ZONE, sleep=clock.sleep)


def listed(stubber: Stubber, *records: Any) -> None:
    answer = {"ResourceRecordSets": [*records], "IsTruncated": False, "MaxItems": "20"}
    asked = {"HostedZoneId": ZONE, "StartRecordName": NAME, "MaxItems": "20"}
    stubber.add_response("list_resource_record_sets", answer, asked)


def alias(kind: str, target: str, name: str = f"{NAME}.", **more: str) -> Any:
    where = {
        "DNSName": f"{target}.",
        "HostedZoneId": "Z2FDTNDATAQYW2",
        "EvaluateTargetHealth": False,
    }
    return {"Name": name, "Type": kind, "AliasTarget": where, **more}


def cname(target: str) -> Any:
    return {
        "Name": f"{NAME}.",
        "Type": "CNAME",
        "TTL": 300,
        "ResourceRecords": [{"Value": target}],
    }


def changed(stubber: Stubber, *records: Any, status: str = "INSYNC") -> None:
    info = {"Id": "/change/C1", "Status": "PENDING", "SubmittedAt": "2026-01-01T00:00:00Z"}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]
    asked = {"HostedZoneId": ZONE, "ChangeBatch": {"Changes": changes}}
    stubber.add_response("change_resource_record_sets", {"ChangeInfo": info}, asked)
    waited(stubber, status)


def waited(stubber: Stubber, status: str) -> None:
    info = {"Id": "/change/C1", "Status": status, "SubmittedAt": "2026-01-01T00:00:00Z"}
    # botocore takes the prefix off.
    stubber.add_response("get_change", {"ChangeInfo": info}, {"Id": "/change/C1"})


def test_both_alias_records_say_what_a_name_points_to(
    stubber: Stubber, names: Route53Names
) -> None:
    target = "d111111abcdef8.cloudfront.net"
    other = alias("A", "d333.cloudfront.net", "apj.example.com.")
    listed(stubber, alias("A", target), alias("AAAA", target), other)
    assert names.pointer(NAME) == target


def test_a_cname_says_what_a_name_points_to(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber, cname("D111111abcdef8.cloudfront.net."))
    assert names.pointer(NAME) == "d111111abcdef8.cloudfront.net"


def test_records_that_do_not_agree_point_nowhere(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber, alias("A", "one.cloudfront.net"), alias("AAAA", "two.cloudfront.net"))
    assert names.pointer(NAME) is None


def test_a_name_without_a_record_points_nowhere(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber, {"Name": f"{NAME}.", "Type": "TXT", "TTL": 5})
    assert names.pointer(NAME) is None


def test_a_name_with_a_routing_policy_is_not_ours(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber, alias("A", "one.cloudfront.net", SetIdentifier="eu-west-1", Region="eu-west-1"))
    with pytest.raises(OperationError, match="a routing policy chooses among the records"):
        names.pointer(NAME)


def new_alias(kind: str) -> Any:
    where = {"DNSName": SYDNEY.target, "HostedZoneId": SYDNEY.zone, "EvaluateTargetHealth": False}
    return {"Name": NAME, "Type": kind, "AliasTarget": where}


def test_a_name_gets_alias_records_of_both_kinds(
    stubber: Stubber, names: Route53Names, clock: Clock
) -> None:
    listed(stubber)
    changed(stubber, new_alias("A"), new_alias("AAAA"), status="PENDING")
    waited(stubber, "INSYNC")
    names.point(NAME, SYDNEY)
    assert clock.now == 5.0


def test_a_cname_stays_one(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber, cname("d111111abcdef8.cloudfront.net"))
    changed(
        stubber,
        {
            "Name": NAME,
            "Type": "CNAME",
            "TTL": 60,
            "ResourceRecords": [{"Value": SYDNEY.target}],
        },
    )
    names.point(NAME, SYDNEY)


def test_a_change_that_takes_too_long_is_reported(stubber: Stubber, names: Route53Names) -> None:
    listed(stubber)
    changed(stubber, new_alias("A"), new_alias("AAAA"), status="PENDING")
    for _ in range(59):
        waited(stubber, "PENDING")
    with pytest.raises(OperationError, match="is not with every name server after 300 s"):
        names.point(NAME, SYDNEY)


@pytest.mark.parametrize("code", ["NoSuchHostedZone", "InvalidInput", "AccessDenied"])
def test_a_zone_that_cannot_be_read_is_reported(
    stubber: Stubber, names: Route53Names, code: str
) -> None:
    stubber.add_client_error("list_resource_record_sets", code, "their words")
    with pytest.raises(OperationError, match=rf"cannot read the records of {NAME} .*their words"):
        names.pointer(NAME)


@pytest.mark.parametrize("code", ["InvalidChangeBatch", "PriorRequestNotComplete", "Throttling"])
def test_a_change_that_is_refused_is_reported(
    stubber: Stubber, names: Route53Names, code: str
) -> None:
    listed(stubber)
    stubber.add_client_error("change_resource_record_sets", code, "their words")
    with pytest.raises(OperationError, match=r"cannot change the records .*their words"):
        names.point(NAME, SYDNEY)
