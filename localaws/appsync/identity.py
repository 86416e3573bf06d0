"""Authentication: turns a request's credentials into an identity.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from enum import Enum, auto
from hmac import compare_digest
from typing import assert_never

from localaws.appsync import sigv4, tokens
from localaws.appsync.deployed import Api, ApiKey, OpenIdProvider, TokenIssuer, UserPool
from localaws.appsync.key_sets import KeySets
from localaws.appsync.lambda_authorizer import LambdaAuthorizer
from localaws.appsync.ports import AuthMode, Identity, Json, SignedRequest, Unauthenticated
from localaws.appsync.tokens import NOT_AUTHORIZED, Claims, TokenRefused
from localaws.iam.principals import Principal

MISSING_HEADER = "Missing authorization header"

# The servers listen on the loopback address alone, so no caller has another.
SOURCE_ADDRESSES = ["127.0.0.1"]


class Credential(Enum):
    """The kinds of credentials that a caller may present."""

    SIGNATURE = auto()
    API_KEY = auto()
    TOKEN = auto()
    AUTHORIZER = auto()


_TOKEN_MODES = frozenset({AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.OPENID_CONNECT})


def credential(headers: Mapping[str, str], modes: Collection[AuthMode]) -> Credential:
    """Which of a request's credentials counts; header names are in lower case.

    It is one that the API has a mode for; of several, the first in this order, valid or not. What
    looks like a signature or a token is never passed to a Lambda authorizer if IAM or a token
    issuer could check it. Raises Unauthenticated.
    """
    key, authorization = headers.get("x-api-key"), headers.get("authorization")
    if not key and not authorization:
        raise Unauthenticated(MISSING_HEADER)
    signed = (authorization or "").startswith(sigv4.ALGORITHM)
    if signed and AuthMode.AWS_IAM in modes:
        return Credential.SIGNATURE
    if key and AuthMode.API_KEY in modes:
        return Credential.API_KEY
    if authorization:
        asks = AuthMode.AWS_LAMBDA in modes
        if not _TOKEN_MODES.isdisjoint(modes) and (not asks or tokens.is_token(authorization)):
            return Credential.TOKEN
        if asks:
            return Credential.AUTHORIZER
    raise Unauthenticated(NOT_AUTHORIZED)


class Authenticator:
    """Authenticates the callers of one API."""

    def __init__(
        self,
        api: Api,
        *,
        principals: Mapping[str, Principal],
        keys: KeySets,
        authorizer: LambdaAuthorizer | None,
        now: Callable[[], datetime],
    ) -> None:
        self._api, self._principals = api, principals
        self._keys, self._authorizer = keys, authorizer
        self._now = now

    async def authenticate(self, request: SignedRequest) -> Identity:
        """The caller of a request. Raises Unauthenticated."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        authorization = headers.get("authorization", "")
        match credential(headers, self._api.modes):
            case Credential.SIGNATURE:
                return _by_signature(
                    request, authorization, self._api, self._principals, self._now()
                )
            case Credential.API_KEY:
                return _by_api_key(headers["x-api-key"], self._api, self._now())
            case Credential.TOKEN:
                return await self._by_token(authorization)
            case Credential.AUTHORIZER:
                return await self._by_authorizer(authorization, request)
            case other:
                assert_never(other)

    async def _by_token(self, text: str) -> Identity:
        try:
            token = tokens.read(text)
            issuer = self._issuer(token.issuer)
            key = await self._keys.key(issuer, token.key_id)
            if key is None:
                raise TokenRefused(NOT_AUTHORIZED)
            claims = tokens.verify(token, issuer, key, self._now())
        except TokenRefused as refused:
            raise Unauthenticated(str(refused)) from None
        return Identity(issuer.mode, _token_context(issuer, claims))

    def _issuer(self, name: str | None) -> TokenIssuer:
        for issuer in self._api.token_issuers:
            if issuer.issuer == name:
                return issuer
        raise TokenRefused(NOT_AUTHORIZED)

    async def _by_authorizer(self, token: str, request: SignedRequest) -> Identity:
        if self._authorizer is None:
            raise Unauthenticated(NOT_AUTHORIZED)
        return await self._authorizer.identify(token, request)


def _by_api_key(value: str, api: Api, now: datetime) -> Identity:
    if not _is_live(value, api.api_keys, now):
        raise Unauthenticated(NOT_AUTHORIZED)
    return Identity(AuthMode.API_KEY)


def _is_live(value: str, keys: Iterable[ApiKey], now: datetime) -> bool:
    return any(_same(value, key.value) and now.timestamp() < key.expires for key in keys)


def _same(given: str, known: str) -> bool:
    """Compared in constant time; a header may hold what UTF-8 cannot encode."""
    return compare_digest(given.encode(errors="surrogatepass"), known.encode())


def _by_signature(
    request: SignedRequest,
    header: str,
    api: Api,
    principals: Mapping[str, Principal],
    now: datetime,
) -> Identity:
    try:
        authorization = sigv4.parse_authorization(header)
        principal = _principal(authorization.access_key_id, request, principals)
        sigv4.verify(
            request, authorization, secret=principal.secret_access_key, region=api.region, now=now
        )
    except sigv4.SignatureError as error:
        raise Unauthenticated(str(error), "BadRequestException") from None
    return Identity(AuthMode.AWS_IAM, _iam_context(principal), policies_of=principal.policies_of)


def _principal(
    access_key_id: str, request: SignedRequest, principals: Mapping[str, Principal]
) -> Principal:
    token = next(
        (value for name, value in request.headers.items() if name.lower() == _TOKEN_HEADER), ""
    )
    principal = principals.get(access_key_id)
    # amplify-swift sends an empty token with long-lived keys: empty means none.
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


def _token_context(issuer: TokenIssuer, claims: Claims) -> Json:
    """https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html"""
    known = {"sub": claims["sub"], "issuer": issuer.issuer, "claims": dict(claims)}
    match issuer:
        case OpenIdProvider():
            return known
        case UserPool():
            return known | {
                # Access tokens and id tokens name the user in different claims.
                "username": claims.get("cognito:username", claims.get("username")),
                "groups": claims.get("cognito:groups"),
                "sourceIp": SOURCE_ADDRESSES,
                "defaultAuthStrategy": issuer.default_action,
            }
        case _:
            assert_never(issuer)
