"""How clients sign in to a stack of each mode."""

from __future__ import annotations

import pytest

from antipode_tools.world.clients.credentials import Recipe
from antipode_tools.world.serving.authorization import SigningIn, as_json, issuers, stand_ins
from antipode_tools.world.serving.principals import administrator
from localaws.appsync.deployed import OpenIdProvider, UserPool
from localaws.appsync.ports import AuthMode
from localaws.tokens.issuer import LocalIssuer

POOL = UserPool("eu-west-1_Local", "eu-west-1")


def template(mode: str, **defaults: str) -> dict[str, object]:
    names = {"AuthMode": mode, "UserPoolId": "", "OidcIssuer": "", **defaults}
    return {"Parameters": {name: {"Default": value} for name, value in names.items()}}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("API_KEY", {}),
        ("AWS_IAM", {}),
        ("AWS_LAMBDA", {}),
        ("AMAZON_COGNITO_USER_POOLS", {"UserPoolId": "eu-west-1_Local"}),
        ("OPENID_CONNECT", {"OidcIssuer": "https://issuer.example"}),
    ],
)
def test_a_mode_is_deployed_with_a_stand_in_for_what_it_needs(
    mode: str, expected: dict[str, str]
) -> None:
    assert stand_ins(template(mode), {}, "eu-west-1") == expected
    assert stand_ins(template("API_KEY"), {"AuthMode": mode}, "eu-west-1") == expected


def test_what_is_set_stays() -> None:
    pools = "AMAZON_COGNITO_USER_POOLS"
    assert stand_ins(template(pools, UserPoolId="eu-west-1_Mine"), {}, "eu-west-1") == {}
    assert stand_ins(template(pools), {"UserPoolId": "eu-west-1_Mine"}, "eu-west-1") == {}


def test_a_template_without_modes_has_nothing_to_stand_in_for() -> None:
    assert stand_ins({}, {}, "eu-west-1") == {}


def test_each_issuer_is_named_once() -> None:
    provider = OpenIdProvider("https://id.example.com")
    modes = [
        SigningIn(AuthMode.AMAZON_COGNITO_USER_POOLS, issuer=POOL),
        SigningIn(AuthMode.AMAZON_COGNITO_USER_POOLS, issuer=POOL),
        SigningIn(AuthMode.OPENID_CONNECT, issuer=provider),
        SigningIn(AuthMode.API_KEY, api_key="da2-1"),
    ]
    assert issuers(modes) == [POOL, provider]


def test_world_json_says_what_a_client_must_have() -> None:
    user = administrator()
    assert as_json(SigningIn(AuthMode.API_KEY, api_key="k"), "eu-west-1", None, user) == {
        "mode": "API_KEY"
    }
    assert as_json(SigningIn(AuthMode.AWS_IAM), "eu-west-1", None, user) == {
        "mode": "AWS_IAM",
        "region": "eu-west-1",
        "access_key_id": user.access_key_id,
        "secret_access_key": user.secret_access_key,
    }
    shared = Recipe("HS256", "secret", {"iss": "antipode"})
    assert as_json(SigningIn(AuthMode.AWS_LAMBDA, recipe=shared), "eu-west-1", None, user) == {
        "mode": "AWS_LAMBDA",
        "token": {
            "algorithm": "HS256",
            "key": "secret",
            "claims": {"iss": "antipode"},
            "key_id": None,
        },
    }


def test_world_json_holds_the_stand_ins_key() -> None:
    how = SigningIn(AuthMode.AMAZON_COGNITO_USER_POOLS, issuer=POOL)
    issuer = LocalIssuer.of([POOL], "http://127.0.0.1:1")
    told = as_json(how, "eu-west-1", issuer, administrator())
    assert told == {"mode": "AMAZON_COGNITO_USER_POOLS", "token": issuer.recipe(POOL).as_json()}
