"""Whose policies apply to a principal."""

from __future__ import annotations

import pytest

from localaws.iam import Principal


@pytest.mark.parametrize(
    ("arn", "policies_of"),
    [
        ("arn:aws:sts::1:assumed-role/relay/session", "arn:aws:iam::1:role/relay"),
        ("arn:aws:sts::1:assumed-role/team/relay/session", "arn:aws:iam::1:role/team/relay"),
        ("arn:aws:iam::1:user/administrator", "arn:aws:iam::1:user/administrator"),
    ],
)
def test_the_policies_are_the_users_own_or_those_of_the_assumed_role(
    arn: str, policies_of: str
) -> None:
    assert Principal("ASIA", "secret", None, arn, "AROA:session", "1").policies_of == policies_of
