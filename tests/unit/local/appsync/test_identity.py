"""Credentials, and who they let in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.appsync.deployed import Api, ApiKey
from local.appsync.identity import authenticate
from local.appsync.ports import AuthMode, Identity, SignedRequest, Unauthenticated
from tests.unit.local.appsync.fakes import API_KEY, NOW, RELAY, World
from tests.unit.local.appsync.signing import signed_request

PRINCIPALS = {RELAY.access_key_id: RELAY}


@pytest.fixture
def api(world: World) -> Api:
    return world.api()


def plain(**headers: str) -> SignedRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest("POST", "/graphql", named, b"{}")


def caller(api: Api, request: SignedRequest, now: datetime = NOW) -> Identity:
    return authenticate(request, api, PRINCIPALS, now)


def refusal(api: Api, request: SignedRequest, now: datetime = NOW) -> tuple[str, str]:
    with pytest.raises(Unauthenticated) as refused:
        caller(api, request, now)
    return refused.value.error_type, refused.value.message


# -- API keys ---------------------------------------------------------------------------------


def test_a_deployed_key_is_let_in_whatever_its_form_and_its_headers_case(api: Api) -> None:
    short = replace(api, api_keys=(*api.api_keys, ApiKey("ce46eecf", 2**31)))
    assert caller(api, plain(x_api_key=API_KEY)) == Identity(AuthMode.API_KEY)
    assert caller(short, plain(X_Api_Key="ce46eecf")) == Identity(AuthMode.API_KEY)


def test_an_unknown_key_is_refused(api: Api) -> None:
    assert refusal(api, plain(x_api_key="da2-other")) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


def test_a_key_is_refused_from_the_second_of_its_expiry_on(api: Api) -> None:
    expires = datetime.fromtimestamp(api.api_keys[0].expires, UTC)
    last = expires - timedelta(seconds=1)
    assert caller(api, plain(x_api_key=API_KEY), last) == Identity(AuthMode.API_KEY)
    assert refusal(api, plain(x_api_key=API_KEY), expires) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


def test_a_key_is_no_use_where_the_api_has_no_key_mode(api: Api) -> None:
    iam_alone = replace(api, default_mode=AuthMode.AWS_IAM, additional_modes=())
    assert refusal(iam_alone, plain(x_api_key=API_KEY))[0] == "UnauthorizedException"


def test_a_request_without_credentials_is_refused(api: Api) -> None:
    missing = ("UnauthorizedException", "Missing authorization header")
    assert refusal(api, plain()) == missing
    assert refusal(api, plain(x_api_key="", authorization="")) == missing


# -- Signatures -------------------------------------------------------------------------------


def test_a_signature_is_let_in_as_the_principal_that_made_it(api: Api) -> None:
    identity = caller(api, signed_request(RELAY), datetime.now(UTC))
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
    )


def test_a_signature_wins_over_an_api_key_even_when_it_is_wrong(api: Api) -> None:
    request = signed_request(replace(RELAY, secret_access_key="other"))
    both = replace(request, headers={**request.headers, "x-api-key": API_KEY})
    error_type, message = refusal(api, both, datetime.now(UTC))
    assert error_type == "BadRequestException"
    assert message.startswith("The request signature we calculated does not match")


def test_an_unknown_key_id_or_a_token_that_is_not_its_own_is_refused(api: Api) -> None:
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
        assert refusal(api, signed_request(stranger), now) == invalid


def test_a_long_lived_key_has_no_token_and_an_empty_one_is_none(api: Api) -> None:
    user = replace(RELAY, access_key_id="AKIA1", session_token=None)
    request = signed_request(user)
    with_empty = replace(request, headers={**request.headers, "X-Amz-Security-Token": ""})
    for sent in (request, with_empty):
        assert authenticate(sent, api, {"AKIA1": user}, datetime.now(UTC)).mode is AuthMode.AWS_IAM


def test_a_signature_is_no_use_where_the_api_has_no_iam_mode(api: Api) -> None:
    keys_alone = replace(api, additional_modes=())
    assert refusal(keys_alone, signed_request(RELAY), datetime.now(UTC)) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


def test_a_garbled_signature_is_a_bad_request(api: Api) -> None:
    error_type, message = refusal(api, plain(authorization="AWS4-HMAC-SHA256 garbage"))
    assert error_type == "BadRequestException"
    assert message.startswith("Authorization header must be")


# -- Tokens -----------------------------------------------------------------------------------


def test_a_token_is_refused_where_the_api_has_no_mode_for_it(api: Api) -> None:
    assert refusal(api, plain(authorization="Bearer a.b.c")) == (
        "UnauthorizedException",
        "You are not authorized to make this call.",
    )


def test_a_token_that_only_aws_could_check_is_refused_with_the_reason(api: Api) -> None:
    pools = replace(api, additional_modes=(AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.AWS_IAM))
    assert refusal(pools, plain(authorization="Bearer a.b.c")) == (
        "UnauthorizedException",
        "the local AppSync does not check AMAZON_COGNITO_USER_POOLS credentials: "
        "use an API key or an AWS signature",
    )


def test_a_key_or_a_token_in_no_known_encoding_is_refused_and_nothing_breaks(api: Api) -> None:
    assert refusal(api, plain(x_api_key="\ud800"))[0] == "UnauthorizedException"
    request = signed_request(RELAY)
    broken = replace(request, headers={**request.headers, "X-Amz-Security-Token": "\ud800"})
    assert refusal(api, broken)[0] == "UnrecognizedClientException"
