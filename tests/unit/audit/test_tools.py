"""The audit's tools and what they may know."""

from __future__ import annotations

from audit.tools import environment


def test_the_users_accounts_and_the_tools_makers_are_out_of_reach() -> None:
    assert environment(
        {
            "PATH": "/bin",
            "HTTPS_PROXY": "http://127.0.0.1:1",
            "AWS_PROFILE": "mine",
            "BC_API_KEY": "key",
            "PRISMA_API_URL": "url",
            "CKV_SKIP": "1",
            "PYTHONPATH": "/elsewhere",
            "VIRTUAL_ENV": "/other",
        }
    ) == {"PATH": "/bin", "HTTPS_PROXY": "http://127.0.0.1:1"}
