"""What a clean-up needs of the outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from antipode_tools.operate.cleanup.leftovers import Bucket, Secret, Stack, Table


class Stacks(Protocol):
    """The one stack in a Region. Every method may raise OperationError."""

    def find(self) -> Stack | None:
        """The stack, if there is one."""

    def delete(self) -> None:
        """Begin to delete it. A stack that is not there is as good as deleted."""

    def delete_without(self) -> None:
        """Begin to delete it, and leave those tables and buckets that would not go."""


class Tables(Protocol):
    """The project's tables in a Region. Every method may raise OperationError."""

    def find(self) -> Mapping[str, Table]:
        """Those that are there."""

    def unprotect(self, name: str) -> None:
        """Raises BusyError."""

    def delete(self, name: str) -> None:
        """Raises BusyError. A table that is not there is as good as deleted."""


class Buckets(Protocol):
    """The on-failure buckets that are left in a Region. Every method may raise OperationError."""

    def find(self) -> Mapping[str, Bucket]:
        """Those of a stack of this name."""

    def delete(self, name: str) -> None:
        """Empty it, every version, and delete it."""


class Secrets(Protocol):
    """The secret that signs tokens, in its own Region. Every method may raise OperationError."""

    def find(self) -> Secret | None:
        """The secret, if it is there."""

    def release(self, secret: Secret) -> None:
        """Remove its replicas."""

    def delete(self, name: str) -> None:
        """Delete it at once. A secret that is not there is as good as deleted."""
