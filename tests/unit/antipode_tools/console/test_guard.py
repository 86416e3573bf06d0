"""Who may ask the console."""

from __future__ import annotations

import pytest

from antipode_tools.console.guard import POLICY, hosts, is_key, stranger

HOST = {"host": "127.0.0.1:4008"}
OWN = HOST | {"origin": "http://127.0.0.1:4008", "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("headers", [HOST, OWN, {"host": "localhost:4008"}])
def test_its_own_page_is_no_stranger(headers: dict[str, str]) -> None:
    assert stranger(headers, hosts(4008)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:4009"},
        {"host": "rebound.example:4008"},  # a name that was made to lead to 127.0.0.1
        OWN | {"origin": "http://evil.example"},
        OWN | {"origin": "https://127.0.0.1:4008"},
        OWN | {"origin": "null"},
        OWN | {"sec-fetch-site": "cross-site"},
        HOST | {"sec-fetch-site": "same-site"},
    ],
)
def test_other_hosts_and_other_pages_are_strangers(headers: dict[str, str]) -> None:
    assert stranger(headers, hosts(4008)) is not None


def test_a_key_is_the_whole_key() -> None:
    assert is_key("käse", "käse")
    assert not any(is_key(each, "secret") for each in ("", "secre", "secrets", "SECRET"))


def test_the_policy_lets_nothing_in_that_is_inline_or_from_elsewhere() -> None:
    assert "default-src 'none'" in POLICY
    assert not any(word in POLICY for word in ("unsafe", "*", "http"))
