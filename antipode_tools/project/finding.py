"""What `antipode doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Verdict(StrEnum):
    """Whether something is as it should be."""

    RIGHT = "right"
    WARNING = "warning"  # it works today, or could not be looked at
    WRONG = "wrong"

    @classmethod
    def of(cls, *, right: bool) -> Self:
        """RIGHT or WRONG."""
        return cls.RIGHT if right else cls.WRONG


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        fix: what to do about it, if it is not right.
        region: the Region it belongs to; empty for what every Region shares.
    """

    subject: str
    verdict: Verdict
    found: str
    fix: str = ""
    region: str = ""
