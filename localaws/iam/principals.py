"""Holders of AWS credentials."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Principal:
    """One holder of AWS credentials.

    Args:
        user_id: AIDA... of a user, AROA...:session of an assumed role.
    """

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    arn: str
    user_id: str
    account_id: str

    @property
    def policies_of(self) -> str:
        """The ARN of the user or role whose policies apply: for an assumed role, the role."""
        before, kind, session = self.arn.partition(":assumed-role/")
        if not kind:
            return self.arn
        return f"{before.replace(':sts:', ':iam:')}:role/{session.rpartition('/')[0]}"
