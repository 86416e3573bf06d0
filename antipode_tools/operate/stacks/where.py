"""The two worlds that a stack can be in."""

from __future__ import annotations

from enum import StrEnum


class Where(StrEnum):
    """As an operator names them."""

    AWS = "aws"
    LOCAL = "local"
