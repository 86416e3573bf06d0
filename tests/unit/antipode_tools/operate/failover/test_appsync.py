"""The exact calls to AppSync, and what becomes of its documented errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from antipode_tools.operate.failover.appsync import AppSyncDomains
from antipode_tools.operate.failover.handover import Association, Held, Status
from antipode_tools.operate.failover.ports import SilentError
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.waiting import BusyError
from tests.unit.antipode_tools.operate.failover.fakes import CERTIFICATE, NAME

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient

API = "abcdefghijklmnopqrstuvwxyz"
CONFIG = {
    "domainName": NAME,
    "certificateArn": CERTIFICATE,
    "appsyncDomainName": "d111111abcdef8.cloudfront.net",
    "hostedZoneId": "Z2FDTNDATAQYW2",
}
BY_NAME = {"domainName": NAME}
FREE = Held("d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2")


@pytest.fixture
def client() -> AppSyncClient:
    once = Config(retries={"total_max_attempts": 1})  # a further attempt is waited for
    return boto3.Session("test", "test", region_name="eu-west-1").client("appsync", config=once)


@pytest.fixture
def stubber(client: AppSyncClient) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def domains(client: AppSyncClient) -> AppSyncDomains:
    return AppSyncDomains(client)


# -- find -----------------------------------------------------------------------------------------


def test_a_name_is_found_with_its_api(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_response("get_domain_name", {"domainNameConfig": CONFIG}, BY_NAME)
    association = {"domainName": NAME, "apiId": API, "associationStatus": "FAILED"}
    answer = {"apiAssociation": {**association, "deploymentDetail": "it is private"}}
    stubber.add_response("get_api_association", answer, BY_NAME)
    found = domains.find(NAME)
    assert found == Held(
        "d111111abcdef8.cloudfront.net",
        "Z2FDTNDATAQYW2",
        Association(API, Status.FAILED, "it is private"),
    )


def test_a_name_without_an_api_is_found(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_response("get_domain_name", {"domainNameConfig": CONFIG}, BY_NAME)
    stubber.add_client_error("get_api_association", "NotFoundException", http_status_code=404)
    assert domains.find(NAME) == FREE


def test_a_name_that_is_not_there_is_none(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_client_error("get_domain_name", "NotFoundException", http_status_code=404)
    assert domains.find(NAME) is None


@pytest.mark.parametrize(
    ("code", "status"),
    [("InternalFailureException", 500), ("ServiceUnavailableException", 503), ("502", 502)],
)
def test_a_region_in_trouble_is_silent(
    stubber: Stubber, domains: AppSyncDomains, code: str, status: int
) -> None:
    stubber.add_client_error("get_domain_name", code, http_status_code=status)
    with pytest.raises(SilentError, match=rf"cannot look {NAME} up in eu-west-1: .*{code}"):
        domains.find(NAME)


@pytest.mark.parametrize("error", [EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError])
def test_a_region_that_cannot_be_reached_is_silent(
    client: AppSyncClient, domains: AppSyncDomains, error: Callable[..., Exception]
) -> None:
    def unreachable(**_: object) -> None:
        raise error(endpoint_url="https://appsync.eu-west-1.amazonaws.com")

    client.meta.events.register("before-send.appsync", unreachable)
    with pytest.raises(SilentError, match=r"appsync\.eu-west-1"):
        domains.find(NAME)


def test_a_refusal_to_look_is_reported(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_client_error(
        "get_domain_name", "AccessDeniedException", "not you", http_status_code=403
    )
    with pytest.raises(OperationError, match="not you") as refused:
        domains.find(NAME)
    assert not isinstance(refused.value, SilentError)


# -- create ---------------------------------------------------------------------------------------

CREATED = {"domainName": NAME, "certificateArn": CERTIFICATE}


def test_a_name_is_created_with_its_certificate(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_response("create_domain_name", {"domainNameConfig": CONFIG}, CREATED)
    domains.create(NAME, CERTIFICATE)


@pytest.mark.parametrize(
    "words",
    [
        "One or more of the CNAMEs you provided are already associated with a different resource.",
        "The domain name you provided already exists.",
    ],
)
def test_a_name_that_is_not_free_yet_is_waited_for(
    stubber: Stubber, domains: AppSyncDomains, words: str
) -> None:
    stubber.add_client_error(
        "create_domain_name", "BadRequestException", words, 400, expected_params=CREATED
    )
    with pytest.raises(BusyError) as busy:
        domains.create(NAME, CERTIFICATE)
    assert str(busy.value) == f"{NAME} cannot be created in eu-west-1 yet: {words}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("BadRequestException", "The certificate does not cover the domain name."),
        ("AccessDeniedException", "You may not use the certificate."),
    ],
)
def test_any_other_refusal_to_create_is_reported(
    stubber: Stubber, domains: AppSyncDomains, code: str, words: str
) -> None:
    stubber.add_client_error("create_domain_name", code, words, 400)
    with pytest.raises(OperationError, match=words) as refused:
        domains.create(NAME, CERTIFICATE)
    assert type(refused.value) is OperationError


# -- The others -----------------------------------------------------------------------------------


def test_a_name_is_deleted(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_response("delete_domain_name", {}, BY_NAME)
    domains.delete(NAME)


def test_an_api_is_put_behind_a_name(stubber: Stubber, domains: AppSyncDomains) -> None:
    answer = {
        "apiAssociation": {"domainName": NAME, "apiId": API, "associationStatus": "PROCESSING"}
    }
    stubber.add_response("associate_api", answer, {"domainName": NAME, "apiId": API})
    domains.associate(NAME, API)


def test_an_api_is_taken_off_a_name(stubber: Stubber, domains: AppSyncDomains) -> None:
    stubber.add_response("disassociate_api", {}, BY_NAME)
    domains.disassociate(NAME)


Act = Callable[[AppSyncDomains], None]
UNDOING: list[tuple[str, Act]] = [
    ("delete_domain_name", lambda domains: domains.delete(NAME)),
    ("disassociate_api", lambda domains: domains.disassociate(NAME)),
]


@pytest.mark.parametrize(("operation", "act"), UNDOING)
def test_what_is_gone_already_is_as_good_as_undone(
    stubber: Stubber, domains: AppSyncDomains, operation: str, act: Act
) -> None:
    stubber.add_client_error(operation, "NotFoundException", http_status_code=404)
    act(domains)


@pytest.mark.parametrize(("operation", "act"), UNDOING)
def test_what_is_being_changed_is_waited_for(
    stubber: Stubber, domains: AppSyncDomains, operation: str, act: Act
) -> None:
    stubber.add_client_error(operation, "ConcurrentModificationException", "wait", 409)
    with pytest.raises(BusyError, match="in eu-west-1 yet: wait"):
        act(domains)


@pytest.mark.parametrize(
    ("operation", "act"),
    [*UNDOING, ("associate_api", lambda domains: domains.associate(NAME, API))],
)
def test_a_bad_request_is_reported_in_the_services_words(
    stubber: Stubber, domains: AppSyncDomains, operation: str, act: Act
) -> None:
    stubber.add_client_error(operation, "BadRequestException", "their words", 400)
    with pytest.raises(OperationError, match=r"in eu-west-1: .*their words"):
        act(domains)
