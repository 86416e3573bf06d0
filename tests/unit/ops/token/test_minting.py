"""Tokens for trying out, as the authorizer sees them."""

from __future__ import annotations

import jwt

from authorizer.keys import KeyStore
from authorizer.tokens import Claims, Rules, verify
from ops.token.minting import Wanted, claims, mint
from tests.fakes.tokens import NOW, SECRET, Clock, FakeSource


def test_a_token_says_what_was_wanted_and_for_how_long() -> None:
    wanted = Wanted("ada", "items:read", minutes=5)
    assert claims(wanted, issuer="antipode", audience="clients", now=NOW + 0.7) == {
        "iss": "antipode",
        "aud": "clients",
        "sub": "ada",
        "scope": "items:read",
        "iat": NOW,
        "exp": NOW + 300,
    }


def test_the_authorizer_lets_a_token_in() -> None:
    token = mint(claims(Wanted(), issuer="i", audience="a", now=NOW), SECRET.decode())
    store = KeyStore(FakeSource(), Clock(), lambda error: None)
    assert verify(token, store, Rules("i", "a", 0), NOW) == Claims(
        "you", "i", frozenset({"items:read", "items:write"}), NOW + 3_600
    )


def test_a_token_names_its_algorithm_and_no_key() -> None:
    token = mint({"sub": "ada"}, SECRET.decode())
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
