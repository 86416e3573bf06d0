"""What clients of a running world present themselves with."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.world_file import Auth, WorldRegion
from antipode_tools.world.clients.credentials import for_curl, shown, token
from antipode_tools.world.clients.subscriber import authentication
from antipode_tools.world.errors import WorldError
from tests.fakes.world import KEYS, a_region

RECIPE = Recipe("HS256", "s" * 64, {"iss": "antipode", "aud": "antipode", "sub": "local"})
OF_KEY = a_region()
OF_IAM = a_region(api_key=None, auth=Auth(AuthMode.AWS_IAM, keys=KEYS))


def of_tokens(mode: AuthMode, token: Recipe | None = RECIPE) -> WorldRegion:
    return a_region(api_key=None, auth=Auth(mode, token=token))


MODES_OF_TOKENS = [
    AuthMode.AWS_LAMBDA,
    AuthMode.AMAZON_COGNITO_USER_POOLS,
    AuthMode.OPENID_CONNECT,
]


def claims_of(text: str) -> Any:
    return jwt.decode(text, options={"verify_signature": False})


def test_an_ordinary_client_presents_what_the_mode_asks_for() -> None:
    key = authentication(OF_KEY)
    assert isinstance(key, AppSyncApiKeyAuthentication)
    assert key.get_headers() == {"host": "127.0.0.1:4001", "x-api-key": "da2-1"}
    assert isinstance(authentication(OF_IAM), AppSyncIAMAuthentication)


@pytest.mark.parametrize("mode", MODES_OF_TOKENS)
def test_an_ordinary_client_presents_a_token(mode: AuthMode) -> None:
    made = authentication(of_tokens(mode))
    assert isinstance(made, AppSyncJWTAuthentication)
    assert claims_of(made.get_headers()["Authorization"])["sub"] == "local"


def test_without_a_recipe_there_is_no_token() -> None:
    with pytest.raises(WorldError) as refused:
        token(of_tokens(AuthMode.AWS_LAMBDA, None))
    assert refused.value.what == "no token can be made for ireland"
    assert refused.value.why == ("its stack, in mode AWS_LAMBDA, has nothing to sign tokens with")


def test_what_is_shown_is_the_key_or_how_to_come_by_a_credential() -> None:
    assert [shown(region) for region in (OF_KEY, OF_IAM, of_tokens(AuthMode.AWS_LAMBDA))] == [
        "da2-1",
        "signed by AKIA1",
        "antipode token",
    ]


def test_where_no_token_can_be_made_the_issuer_is_named_for_it() -> None:
    of_key_set = of_tokens(AuthMode.AWS_LAMBDA, None)
    assert shown(of_key_set) == "a token from your issuer"
    assert for_curl(of_key_set) == '-H "Authorization: $TOKEN"'


def test_the_credential_can_be_given_to_curl() -> None:
    assert for_curl(OF_KEY) == "-H 'x-api-key: da2-1'"
    assert for_curl(OF_IAM) == ("--aws-sigv4 aws:amz:eu-west-1:appsync --user 'AKIA1:it'\"'\"'s'")
    for mode in MODES_OF_TOKENS:
        assert for_curl(of_tokens(mode)) == '-H "Authorization: $(antipode token)"'
