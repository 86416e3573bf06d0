"""What clients of a running world present themselves with."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from antipode.authorizer.keys import KeyStore
from antipode.authorizer.tokens import Claims, Rules, verify
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)

from antipode_tools.world.clients.credentials import (
    Recipe,
    for_curl,
    of_secret,
    recipe,
    shown,
    token,
)
from antipode_tools.world.clients.subscriber import authentication
from antipode_tools.world.errors import WorldError
from tests.fakes.clock import Clock
from tests.fakes.tokens import NOW, FakeSource, secret_keys

SECRET = "s" * 64
KEY = {"mode": "API_KEY"}
IAM = {
    "mode": "AWS_IAM",
    "region": "eu-west-1",
    "access_key_id": "AKIA1",
    "secret_access_key": "it's",
}
CLAIMS = {"iss": "antipode", "aud": "antipode", "sub": "local"}
RECIPE = Recipe("HS256", SECRET, CLAIMS)


def region(auth: dict[str, Any]) -> dict[str, Any]:
    """A Region's part of a world.json."""
    return {
        "name": "ireland",
        "graphql_url": "http://127.0.0.1:4001/graphql",
        "api_key": "da2-1" if auth["mode"] == "API_KEY" else None,
        "auth": auth,
    }


def of_tokens(mode: str) -> dict[str, Any]:
    return {"mode": mode, "token": RECIPE.as_json()}


MODES_OF_TOKENS = ["AWS_LAMBDA", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT"]


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


def test_a_recipe_survives_being_written_down() -> None:
    assert recipe(region(of_tokens("AWS_LAMBDA"))) == RECIPE
    assert recipe(region(KEY)) is None


def test_an_ordinary_client_presents_what_the_mode_asks_for() -> None:
    key = authentication(region(KEY))
    assert isinstance(key, AppSyncApiKeyAuthentication)
    assert key.get_headers() == {"host": "127.0.0.1:4001", "x-api-key": "da2-1"}
    assert isinstance(authentication(region(IAM)), AppSyncIAMAuthentication)


@pytest.mark.parametrize("mode", MODES_OF_TOKENS)
def test_an_ordinary_client_presents_a_token(mode: str) -> None:
    made = authentication(region(of_tokens(mode)))
    assert isinstance(made, AppSyncJWTAuthentication)
    assert claims_of(made.get_headers()["Authorization"])["sub"] == "local"


def test_without_a_recipe_there_is_no_token() -> None:
    with pytest.raises(WorldError) as refused:
        token(region({"mode": "AWS_LAMBDA"}))
    assert refused.value.what == "no token can be made for ireland"
    assert refused.value.why == (
        "its stack, in the mode AWS_LAMBDA, holds nothing that signs tokens"
    )


def test_what_is_shown_is_the_key_or_how_to_come_by_a_credential() -> None:
    assert [shown(region(auth)) for auth in (KEY, IAM, of_tokens("AWS_LAMBDA"))] == [
        "da2-1",
        "signed by AKIA1",
        "antipode token",
    ]


def test_where_no_token_can_be_made_the_issuer_is_named_for_it() -> None:
    of_key_set = region({"mode": "AWS_LAMBDA"})
    assert shown(of_key_set) == "a token of your issuer's"
    assert for_curl(of_key_set) == '-H "Authorization: $TOKEN"'


def test_the_credential_can_be_given_to_curl() -> None:
    assert for_curl(region(KEY)) == "-H 'x-api-key: da2-1'"
    assert for_curl(region(IAM)) == (
        "--aws-sigv4 aws:amz:eu-west-1:appsync --user 'AKIA1:it'\"'\"'s'"
    )
    for mode in MODES_OF_TOKENS:
        assert for_curl(region(of_tokens(mode))) == '-H "Authorization: $(antipode token)"'
