"""Credentials, and who they let in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from localaws.appsync.deployed import Api, ApiKey
from localaws.appsync.identity import Authenticator, Credential, credential
from localaws.appsync.key_sets import KeySets
from localaws.appsync.ports import AuthMode, Identity, SignedRequest, Unauthenticated
from localaws.iam.principals import Principal
from tests.unit.localaws.appsync.fakes import API_KEY, NOW, RELAY, World
from tests.unit.localaws.appsync.issuing import (
    POOL,
    PROVIDER,
    pool_claims,
    provider_claims,
    signed,
    web,
)
from tests.unit.localaws.appsync.signing import signed_request

PRINCIPALS = {RELAY.access_key_id: RELAY}


@pytest.fixture
def api(world: World) -> Api:
    return world.api()


def plain(**headers: str) -> SignedRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest("POST", "/graphql", named, b"{}")


async def caller(
    api: Api,
    request: SignedRequest,
    now: datetime = NOW,
    principals: Mapping[str, Principal] = PRINCIPALS,
) -> Identity:
    authenticator = Authenticator(
        api,
        principals=principals,
        keys=KeySets(web(), lambda: now),
        authorizer=None,
        now=lambda: now,
    )
    return await authenticator.authenticate(request)


async def refusal(api: Api, request: SignedRequest, now: datetime = NOW) -> tuple[str, str | None]:
    with pytest.raises(Unauthenticated) as refused:
        await caller(api, request, now)
    return refused.value.error_type, refused.value.message


# -- API keys ---------------------------------------------------------------------------------


async def test_a_deployed_key_is_let_in_whatever_its_form_and_its_headers_case(api: Api) -> None:
    short = replace(api, api_keys=(*api.api_keys, ApiKey("ce46eecf", 2**31)))
    assert await caller(api, plain(x_api_key=API_KEY)) == Identity(AuthMode.API_KEY)
    assert await caller(short, plain(X_Api_Key="ce46eecf")) == Identity(AuthMode.API_KEY)


async def test_an_unknown_key_is_refused(api: Api) -> None:
    assert await refusal(api, plain(x_api_key="da2-other")) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


async def test_a_key_is_refused_from_the_second_of_its_expiry_on(api: Api) -> None:
    expires = datetime.fromtimestamp(api.api_keys[0].expires, UTC)
    last = expires - timedelta(seconds=1)
    assert await caller(api, plain(x_api_key=API_KEY), last) == Identity(AuthMode.API_KEY)
    assert await refusal(api, plain(x_api_key=API_KEY), expires) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


async def test_a_key_is_no_use_where_the_api_has_no_key_mode(api: Api) -> None:
    iam_alone = replace(api, default_mode=AuthMode.AWS_IAM, additional_modes=())
    assert (await refusal(iam_alone, plain(x_api_key=API_KEY)))[0] == "UnauthorizedException"


async def test_a_request_without_credentials_is_refused(api: Api) -> None:
    missing = ("UnauthorizedException", "Missing authorization header")
    assert await refusal(api, plain()) == missing
    assert await refusal(api, plain(x_api_key="", authorization="")) == missing


# -- Signatures -------------------------------------------------------------------------------


async def test_a_signature_is_let_in_as_the_principal_that_made_it(api: Api) -> None:
    identity = await caller(api, signed_request(RELAY), datetime.now(UTC))
    assert identity == Identity(
        AuthMode.AWS_IAM,
        {
            "accountId": "000000000000",
            "cognitoIdentityPoolId": None,
            "cognitoIdentityId": None,
            "cognitoIdentityAuthType": None,
            "cognitoIdentityAuthProvider": None,
            "sourceIp": ["127.0.0.1"],
            "username": "AROARELAY:session",
            "userArn": "arn:aws:sts::000000000000:assumed-role/relay/session",
        },
        policies_of="arn:aws:iam::000000000000:role/relay",
    )


async def test_a_signature_wins_over_an_api_key_even_when_it_is_wrong(api: Api) -> None:
    request = signed_request(replace(RELAY, secret_access_key="other"))
    both = replace(request, headers={**request.headers, "x-api-key": API_KEY})
    error_type, message = await refusal(api, both, datetime.now(UTC))
    assert error_type == "BadRequestException"
    assert (message or "").startswith("The request signature we calculated does not match")


async def test_an_unknown_key_id_or_a_token_that_is_not_its_own_is_refused(api: Api) -> None:
    invalid = (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
    now = datetime.now(UTC)
    for stranger in (
        replace(RELAY, access_key_id="ASIAOTHER"),
        replace(RELAY, session_token="other"),
        replace(RELAY, session_token=None),
    ):
        assert await refusal(api, signed_request(stranger), now) == invalid


async def test_a_long_lived_key_has_no_token_and_an_empty_one_is_none(api: Api) -> None:
    user = replace(RELAY, access_key_id="AKIA1", session_token=None)
    request = signed_request(user)
    with_empty = replace(request, headers={**request.headers, "X-Amz-Security-Token": ""})
    for sent in (request, with_empty):
        identity = await caller(api, sent, datetime.now(UTC), {"AKIA1": user})
        assert identity.mode is AuthMode.AWS_IAM


async def test_a_signature_is_no_use_where_the_api_has_no_iam_mode(api: Api) -> None:
    keys_alone = replace(api, additional_modes=())
    assert await refusal(keys_alone, signed_request(RELAY), datetime.now(UTC)) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


async def test_a_garbled_signature_is_a_bad_request(api: Api) -> None:
    error_type, message = await refusal(api, plain(authorization="AWS4-HMAC-SHA256 garbage"))
    assert error_type == "BadRequestException"
    assert (message or "").startswith("Authorization header must be")


# -- Tokens -----------------------------------------------------------------------------------


async def test_a_token_is_refused_where_the_api_has_no_mode_for_it(api: Api) -> None:
    assert await refusal(api, plain(authorization="Bearer a.b.c")) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


async def test_a_key_or_a_token_in_no_known_encoding_is_refused_and_nothing_breaks(
    api: Api,
) -> None:
    assert (await refusal(api, plain(x_api_key="\ud800")))[0] == "UnauthorizedException"
    request = signed_request(RELAY)
    broken = replace(request, headers={**request.headers, "X-Amz-Security-Token": "\ud800"})
    assert (await refusal(api, broken))[0] == "UnrecognizedClientException"


@pytest.fixture
def pools(api: Api) -> Api:
    return replace(api, default_mode=AuthMode.AMAZON_COGNITO_USER_POOLS, token_issuers=(POOL,))


@pytest.fixture
def providers(api: Api) -> Api:
    return replace(api, default_mode=AuthMode.OPENID_CONNECT, token_issuers=(PROVIDER,))


async def test_an_access_token_of_the_pool_lets_its_user_in(pools: Api) -> None:
    claims = pool_claims()
    assert await caller(pools, plain(authorization=signed(claims))) == Identity(
        AuthMode.AMAZON_COGNITO_USER_POOLS,
        {
            "sub": "ada",
            "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool",
            "claims": claims,
            "username": "ada",
            "groups": ["readers", "writers"],
            "sourceIp": ["127.0.0.1"],
            "defaultAuthStrategy": "ALLOW",
        },
    )


async def test_an_id_token_names_its_user_and_its_client_otherwise(pools: Api) -> None:
    claims = pool_claims(token_use="id", aud="app", **{"cognito:username": "Ada"})
    del claims["username"], claims["client_id"], claims["cognito:groups"]
    identity = await caller(pools, plain(authorization=signed(claims)))
    assert identity.context["username"] == "Ada"
    assert identity.context["groups"] is None


async def test_a_token_of_the_provider_lets_its_subject_in(providers: Api) -> None:
    claims = provider_claims()
    assert await caller(providers, plain(Authorization=signed(claims))) == Identity(
        AuthMode.OPENID_CONNECT,
        {"sub": "ada", "issuer": "https://id.example.com", "claims": claims},
    )


async def test_of_several_issuers_the_one_that_the_token_names_counts(api: Api) -> None:
    both = replace(
        api,
        default_mode=AuthMode.OPENID_CONNECT,
        additional_modes=(AuthMode.AMAZON_COGNITO_USER_POOLS,),
        token_issuers=(PROVIDER, POOL),
    )
    pool = await caller(both, plain(authorization=signed(pool_claims())))
    provider = await caller(both, plain(authorization=signed(provider_claims())))
    assert (pool.mode, provider.mode) == (
        AuthMode.AMAZON_COGNITO_USER_POOLS,
        AuthMode.OPENID_CONNECT,
    )


async def test_a_token_whose_keys_cannot_be_had_is_refused(providers: Api) -> None:
    absent = replace(PROVIDER, issuer="https://gone.example.com")
    api = replace(providers, token_issuers=(absent,))
    token = signed(provider_claims(iss=absent.issuer))
    assert await refusal(api, plain(authorization=token)) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


async def test_an_authorizer_that_is_not_configured_lets_nobody_in(api: Api) -> None:
    asks = replace(api, default_mode=AuthMode.AWS_LAMBDA)
    assert (await refusal(asks, plain(authorization="token")))[0] == "UnauthorizedException"


# -- Several credentials ------------------------------------------------------------------------

SIGNATURE = "AWS4-HMAC-SHA256 Credential=..."
TOKEN = "e30.e30.e30"
IAM, KEY, POOLS, OIDC, LAMBDA = (
    AuthMode.AWS_IAM,
    AuthMode.API_KEY,
    AuthMode.AMAZON_COGNITO_USER_POOLS,
    AuthMode.OPENID_CONNECT,
    AuthMode.AWS_LAMBDA,
)


@pytest.mark.parametrize(
    ("authorization", "key", "modes", "expected"),
    [
        (SIGNATURE, "da2-1", {KEY, IAM}, Credential.SIGNATURE),
        (TOKEN, "da2-1", {KEY, IAM}, Credential.API_KEY),
        (TOKEN, "da2-1", {KEY, POOLS, IAM}, Credential.API_KEY),
        (TOKEN, "da2-1", {POOLS, IAM}, Credential.TOKEN),
        ("opaque", "da2-1", {LAMBDA, IAM}, Credential.AUTHORIZER),
        (SIGNATURE, "", {LAMBDA, IAM}, Credential.SIGNATURE),
        (SIGNATURE, "", {LAMBDA}, Credential.AUTHORIZER),
        (SIGNATURE, "", {POOLS}, Credential.TOKEN),
        (SIGNATURE, "da2-1", {KEY}, Credential.API_KEY),
        (TOKEN, "", {LAMBDA, OIDC}, Credential.TOKEN),
        (TOKEN, "", {LAMBDA, IAM}, Credential.AUTHORIZER),
        ("opaque", "", {LAMBDA, POOLS}, Credential.AUTHORIZER),
        (f"lambda:{TOKEN}", "", {LAMBDA, POOLS}, Credential.AUTHORIZER),
        ("opaque", "", {POOLS, IAM}, Credential.TOKEN),
    ],
)
def test_the_first_credential_that_the_api_has_a_mode_for_counts(
    authorization: str, key: str, modes: set[AuthMode], expected: Credential
) -> None:
    assert credential({"authorization": authorization, "x-api-key": key}, modes) is expected
