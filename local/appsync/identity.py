"""Who calls: a request's credentials, checked, become an identity.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from local.appsync import sigv4
from local.appsync.deployed import Api, ApiKey
from local.appsync.ports import AuthMode, Identity, Json, SignedRequest, Unauthenticated

NOT_AUTHORIZED = "You are not authorized to make this call."
MISSING_HEADER = "Missing authorization header"

# The servers listen on the loopback address alone, so no caller has another.
SOURCE_ADDRESSES = ["127.0.0.1"]


@dataclass(frozen=True)
class Principal:
    """One holder of AWS credentials. `user_id` is AIDA... for a user, AROA...:session for a role
    that was assumed: what resolvers see as `ctx.identity.username`."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    arn: str
    user_id: str
    account_id: str


def authenticate(
    request: SignedRequest,
    api: Api,
    principals: Mapping[str, Principal],
    now: datetime,
) -> Identity:
    """The caller of a request. Raises Unauthenticated."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    authorization = headers.get("authorization", "")
    if authorization.startswith(sigv4.ALGORITHM):
        # An AWS signature is never passed over for an API key beside it.
        return _by_signature(request, authorization, api, principals, now)
    if key := headers.get("x-api-key"):
        return _by_api_key(key, api, now)
    if authorization:
        raise _token_refusal(api)
    raise Unauthenticated(MISSING_HEADER)


def _by_api_key(value: str, api: Api, now: datetime) -> Identity:
    if AuthMode.API_KEY not in api.modes or not _is_live(value, api.api_keys, now):
        raise Unauthenticated(NOT_AUTHORIZED)
    return Identity(AuthMode.API_KEY)


def _is_live(value: str, keys: Iterable[ApiKey], now: datetime) -> bool:
    return any(_same(value, key.value) and now.timestamp() < key.expires for key in keys)


def _same(given: str, known: str) -> bool:
    """In a time that tells nothing of `known`; a header may hold what has no form in UTF-8."""
    return compare_digest(given.encode(errors="surrogatepass"), known.encode())


def _by_signature(
    request: SignedRequest,
    header: str,
    api: Api,
    principals: Mapping[str, Principal],
    now: datetime,
) -> Identity:
    if AuthMode.AWS_IAM not in api.modes:
        raise Unauthenticated(NOT_AUTHORIZED)
    try:
        authorization = sigv4.parse_authorization(header)
        principal = _principal(authorization.access_key_id, request, principals)
        sigv4.verify(
            request, authorization, secret=principal.secret_access_key, region=api.region, now=now
        )
    except sigv4.SignatureError as error:
        raise Unauthenticated(str(error), "BadRequestException") from None
    return Identity(AuthMode.AWS_IAM, _iam_context(principal))


def _principal(
    access_key_id: str, request: SignedRequest, principals: Mapping[str, Principal]
) -> Principal:
    token = next(
        (value for name, value in request.headers.items() if name.lower() == _TOKEN_HEADER), ""
    )
    principal = principals.get(access_key_id)
    # amplify-swift sends an empty token with long-lived keys: empty is none.
    if principal is None or not _same(token, principal.session_token or ""):
        raise Unauthenticated(
            "The security token included in the request is invalid.", "UnrecognizedClientException"
        )
    return principal


_TOKEN_HEADER = "x-amz-security-token"


def _iam_context(principal: Principal) -> Json:
    return {
        "accountId": principal.account_id,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
        "sourceIp": SOURCE_ADDRESSES,
        "username": principal.user_id,
        "userArn": principal.arn,
    }


def _token_refusal(api: Api) -> Unauthenticated:
    """A bearer token: a mode that the API lacks, or one that the local AppSync does not check."""
    unchecked = sorted(api.modes - {AuthMode.API_KEY, AuthMode.AWS_IAM})
    if not unchecked:
        return Unauthenticated(NOT_AUTHORIZED)
    return Unauthenticated(
        f"the local AppSync does not check {', '.join(unchecked)} credentials: "
        "use an API key or an AWS signature"
    )
