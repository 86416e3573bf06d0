"""AppSync's domain names in one Region.

https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from antipode_tools.operate.failover.handover import Association, Held, Status
from antipode_tools.operate.failover.ports import SilentError
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.waiting import BusyError

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient

# What a Region answers that is in trouble itself.
_TROUBLE = frozenset({"InternalFailureException", "ServiceUnavailableException"})

# The service's own sentence is not documented. CloudFront's, which is behind it, is "One or more of
# the CNAMEs you provided are already associated with a different resource".
_TAKEN = ("already", "cname")


class _NotFoundError(Exception):
    """The Region has no such name, or the name no API."""


class AppSyncDomains:
    """The Domains of one Region."""

    def __init__(self, client: AppSyncClient) -> None:
        self._client = client
        self._region = client.meta.region_name

    def find(self, name: str) -> Held | None:
        """The name and its API, if the Region has it."""
        with suppress(_NotFoundError), self._asking(f"look {name} up"):
            found = self._client.get_domain_name(domainName=name)["domainNameConfig"]
            return Held(
                found["appsyncDomainName"], found["hostedZoneId"], association=self._api_of(name)
            )
        return None

    def create(self, name: str, certificate: str) -> None:
        """Makes the name, and with it a distribution of CloudFront that takes minutes to spread."""
        with self._asking(f"create {name}"):
            try:
                self._client.create_domain_name(domainName=name, certificateArn=certificate)
            except ClientError as error:
                if not _is_taken(error):
                    raise
                why = f"{name} cannot be created in {self._region} yet: {_words(error)}"
                raise BusyError(why) from error

    def delete(self, name: str) -> None:
        """Deletes the name."""
        with suppress(_NotFoundError), self._asking(f"delete {name}"):
            self._client.delete_domain_name(domainName=name)

    def associate(self, name: str, api_id: str) -> None:
        """Puts the name in front of an API, which AppSync finishes later."""
        with self._asking(f"associate {name} with {api_id}"):
            self._client.associate_api(domainName=name, apiId=api_id)

    def disassociate(self, name: str) -> None:
        """Takes the API off the name, which AppSync finishes later."""
        with suppress(_NotFoundError), self._asking(f"disassociate {name}"):
            self._client.disassociate_api(domainName=name)

    def _api_of(self, name: str) -> Association | None:
        try:
            found = self._client.get_api_association(domainName=name)["apiAssociation"]
        except ClientError as error:
            if _code(error) != "NotFoundException":
                raise
            return None
        return Association(
            found["apiId"], Status(found["associationStatus"]), found.get("deploymentDetail", "")
        )

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        doing = f"cannot {what} in {self._region}"
        with translated(doing):
            try:
                yield
            except (ConnectionError, HTTPClientError) as error:
                raise SilentError(f"{doing}: {error}") from error
            except ClientError as error:
                raise _translated(error, doing) from error


def _translated(error: ClientError, doing: str) -> Exception:
    match _code(error):
        case "NotFoundException":
            return _NotFoundError(doing)
        case "ConcurrentModificationException":
            return BusyError(f"{doing} yet: {_words(error)}")
        case code if code in _TROUBLE or _status(error) >= 500:
            return SilentError(f"{doing}: {error}")
        case _:
            return error


def _is_taken(error: ClientError) -> bool:
    words = _words(error).lower()
    return _code(error) == "BadRequestException" and any(word in words for word in _TAKEN)


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _words(error: ClientError) -> str:
    return error.response["Error"]["Message"]


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
