"""How clients sign in to a stack of each mode."""

from __future__ import annotations

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.world_file import Auth, Keys
from antipode_tools.world.serving.sign_in import SigningIn, auth, issuers, stand_ins
from antipode_tools.world.serving.signers import administrator
from localaws.appsync.deployed import OpenIdProvider, UserPool
from localaws.tokens.issuer import KEY_ID, LocalIssuer, claims

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


def test_several_ways_have_the_key_the_issuers_and_the_recipes_of_all() -> None:
    shared = Recipe("HS256", "secret", {"iss": "antipode"})
    others = (
        SigningIn(AuthMode.API_KEY, api_key="da2-1"),
        SigningIn(AuthMode.AWS_LAMBDA, recipe=shared),
        SigningIn(AuthMode.AMAZON_COGNITO_USER_POOLS, issuer=POOL),
    )
    how = SigningIn(AuthMode.AWS_IAM, others=others)
    assert (how.key, issuers([how])) == ("da2-1", [POOL])
    told = auth(how, None, administrator())
    assert told.modes == (AuthMode.AWS_IAM, *(other.mode for other in others))
    assert told.by(AuthMode.AWS_LAMBDA) == Auth(AuthMode.AWS_LAMBDA, token=shared)


def test_the_worlds_file_says_what_a_client_must_have() -> None:
    user = administrator()
    keys = Keys(user.access_key_id, user.secret_access_key)
    shared = Recipe("HS256", "secret", {"iss": "antipode"})
    assert [
        auth(SigningIn(AuthMode.API_KEY, api_key="k"), None, user),
        auth(SigningIn(AuthMode.AWS_IAM), None, user),
        auth(SigningIn(AuthMode.AWS_LAMBDA, recipe=shared), None, user),
    ] == [
        Auth(AuthMode.API_KEY),
        Auth(AuthMode.AWS_IAM, keys=keys),
        Auth(AuthMode.AWS_LAMBDA, token=shared),
    ]


def test_the_worlds_file_holds_the_stand_ins_key() -> None:
    how = SigningIn(AuthMode.AMAZON_COGNITO_USER_POOLS, issuer=POOL)
    issuer = LocalIssuer.of([POOL], "http://127.0.0.1:1")
    assert auth(how, issuer, administrator()) == Auth(
        AuthMode.AMAZON_COGNITO_USER_POOLS,
        token=Recipe("RS256", issuer.private_key, claims(POOL, client="antipode"), KEY_ID),
    )
