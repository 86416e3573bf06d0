"""How tokens are made that an API lets in."""

from __future__ import annotations

from typing import Any

import jwt
from antipode.authorizer.keys import KeyStore
from antipode.authorizer.tokens import Claims, Rules, verify

from antipode_tools.project.recipe import Recipe, of_secret
from tests.fakes.clock import Clock
from tests.fakes.tokens import NOW, FakeSource, secret_keys

SECRET = "s" * 64
CLAIMS = {"iss": "antipode", "aud": "antipode", "sub": "local"}
RECIPE = Recipe("HS256", SECRET, CLAIMS)


def claims_of(text: str) -> Any:
    return jwt.decode(text, options={"verify_signature": False})


def test_a_token_lives_for_an_hour_and_says_what_its_recipe_does() -> None:
    text = RECIPE.mint(now=1_000_000.7)
    assert claims_of(text) == {**CLAIMS, "iat": 1_000_000, "exp": 1_003_600}
    jwt.decode(text, SECRET, ["HS256"], audience="antipode", options={"verify_exp": False})


def test_claims_can_be_said_otherwise_and_left_out() -> None:
    text = RECIPE.mint(now=0, sub="ada", aud=None, lifetime_s=60)
    assert claims_of(text) == {"iss": "antipode", "sub": "ada", "iat": 0, "exp": 60}


def test_a_key_is_named_where_it_has_an_id() -> None:
    named = Recipe("HS256", SECRET, CLAIMS, key_id="local").mint()
    assert jwt.get_unverified_header(named)["kid"] == "local"
    assert "kid" not in jwt.get_unverified_header(RECIPE.mint())


def test_the_authorizer_lets_a_token_of_its_secret_in() -> None:
    text = of_secret(SECRET, issuer="i", audience="a").mint(now=NOW + 0.7, sub="ada", scope="x y")
    assert jwt.get_unverified_header(text) == {"alg": "HS256", "typ": "JWT"}
    source = FakeSource(secret_keys(SECRET.encode()))
    store = KeyStore(source, Clock(NOW), lambda error: None)
    assert verify(text, store, Rules("i", "a", 0), NOW) == Claims(
        "ada", "i", frozenset({"x", "y"}), NOW + 3_600
    )
