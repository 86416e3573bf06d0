"""From where a probe writes and listens."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """This machine, or a function in each Region."""

    HERE = "here"
    REGIONS = "regions"
