"""What a doctor asks AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Concurrency:
    """How many invocations of Lambda's may run at once in a Region, and how many are nobody's."""

    limit: int
    unreserved: int


@dataclass(frozen=True)
class Deployed:
    """A Region's stack.

    Args:
        digest: of its template, without what differs from Region to Region anyhow.
        protected: whether deleting the stack is refused.
    """

    status: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    protected: bool = True


class Account(Protocol):
    """What every Region shares. Every method may raise OperationError."""

    def caller(self) -> str:
        """The ARN of whoever asks.

        Raises:
            NoCredentials
        """

    def roles(self) -> tuple[int, int]:
        """How many IAM roles there are, and how many there may be."""


class RegionalServices(Protocol):
    """One Region. Every method may raise OperationError."""

    def concurrency(self) -> Concurrency: ...

    def stack(self) -> Deployed | None: ...

    def protection(self) -> Mapping[str, bool]:
        """Of those of the project's tables that are there, whether deleting them is refused."""

    def key_ends(self, api_id: str) -> Sequence[float]:
        """When each API key expires, in seconds since 1970."""
