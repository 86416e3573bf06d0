"""What a hand-over needs of the outside, and how that may answer."""

from __future__ import annotations

from typing import Protocol

from antipode_tools.operate.failover.handover import Held
from antipode_tools.operate.stacks.errors import OperationError


class SilentError(OperationError):
    """A Region cannot be reached, or does not answer in any useful way."""


class Domains(Protocol):
    """AppSync's domain names in one Region. Every method may raise OperationError."""

    def find(self, name: str) -> Held | None:
        """The name, if the Region has it.

        Raises:
            SilentError
        """

    def create(self, name: str, certificate: str) -> None:
        """Raises BusyError where another Region's distribution still has the name."""

    def delete(self, name: str) -> None:
        """Raises BusyError. A name that is not there is as good as deleted."""

    def associate(self, name: str, api_id: str) -> None:
        """Put the name in front of an API."""

    def disassociate(self, name: str) -> None:
        """Raises BusyError. A name without an API is as good as disassociated."""


class Names(Protocol):
    """The DNS records of one zone. Every method may raise OperationError."""

    def pointer(self, name: str) -> str | None:
        """What the name points to."""

    def point(self, name: str, held: Held) -> None:
        """Has it point there, and waits until every name server of the zone says so."""
