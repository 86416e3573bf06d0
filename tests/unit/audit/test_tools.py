"""The audit's tools and what they may know."""

from __future__ import annotations

import re

from audit.tools import environment
from local.config import project_root


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


def test_the_lock_of_the_tools_has_hashes_and_names_no_registry() -> None:
    lock = (project_root() / "audit" / "audit.lock").read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert {"bandit", "checkov", "pip-audit"} <= {entry.partition("==")[0] for entry in entries}
    assert "://" not in lock
