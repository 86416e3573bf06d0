"""Bad credentials, over HTTP and over the socket: each gets the answer that the service gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from localaws.appsync.ports import AuthMode, Json
from tests.unit.localaws.appsync.fakes import API_KEY
from tests.unit.localaws.appsync.issuing import (
    ABSENT,
    AT,
    pool_claims,
    provider_claims,
    rsa_key,
    signed,
)
from tests.unit.localaws.appsync.modes import GOOD, KEY, LAMBDA, OIDC, POOLS, serve
from tests.unit.localaws.appsync.test_tokens import by_hand

NOT_AUTHORIZED = "You are not authorized to make this call."
UNREADABLE = "Unable to parse JWT token."
EXPIRED = "Token has expired."
MISSING = "Missing authorization header"
LOOKS_SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/appsync/aws4_request"
NO_SIGNATURE = (
    "Authorization header must be 'AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/"
    "aws4_request, SignedHeaders=NAMES, Signature=64 hexadecimal digits'."
)


# -- What lets in -------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", GOOD)
async def test_every_mode_lets_in_over_http_and_over_the_socket_in_every_way(
    mode: AuthMode,
) -> None:
    async with serve(mode) as served:
        assert await served.post(GOOD[mode]) == (200, {"data": {"items": [{"id": "1"}]}})
        for way in ("subprotocol", "query", "headers"):
            async with served.connected(GOOD[mode], way) as client:
                assert await client.receive() == {"type": "ka"}
                answer = await served.start(client, GOOD[mode])
                assert answer == {"type": "start_ack", "id": "1"}


@pytest.mark.parametrize("mode", GOOD)
async def test_the_case_of_a_headers_name_does_not_matter(mode: AuthMode) -> None:
    for change in (str.upper, str.title, str.lower):
        shouted = {change(name): value for name, value in GOOD[mode].items()}
        async with serve(mode) as served:
            assert (await served.post(shouted))[0] == 200
            async with served.connected(shouted) as client:
                assert await client.receive() == {"type": "ka"}
                assert (await served.start(client, shouted))["type"] == "start_ack"


# -- What does not ------------------------------------------------------------------------------


def token(value: str) -> dict[str, str]:
    return {"authorization": value}


def both(claims: Json) -> tuple[dict[str, str], dict[str, str]]:
    """Of the pool and of the provider, with the same changes."""
    return token(signed(pool_claims(**claims))), token(signed(provider_claims(**claims)))


def cases() -> list[Any]:
    expired, later = both({"exp": AT - 1}), both({"nbf": AT + 60})
    stranger = both({"iss": "https://id.example.org"})
    nobody, endless = both({"sub": ABSENT}), both({"exp": ABSENT})
    forged = [
        token(signed(claims, key=rsa_key("forged")))
        for claims in (pool_claims(), provider_claims())
    ]
    unsigned = [
        token(by_hand({"alg": "none", "kid": "1"}, claims))
        for claims in (pool_claims(), provider_claims())
    ]
    pairs = [
        ("expired", expired, EXPIRED),
        ("not yet valid", later, NOT_AUTHORIZED),
        ("another issuer's", stranger, NOT_AUTHORIZED),
        ("nobody's", nobody, NOT_AUTHORIZED),
        ("without an expiry", endless, NOT_AUTHORIZED),
        ("wrongly signed", forged, NOT_AUTHORIZED),
        ("alg none", unsigned, NOT_AUTHORIZED),
    ]
    found = [
        pytest.param(mode, given, 401, "UnauthorizedException", said, id=f"{mode}: {name}")
        for name, givens, said in pairs
        for mode, given in zip((POOLS, OIDC), givens, strict=True)
    ]
    for mode, given, status, kind, said, name in (
        (POOLS, token(signed(pool_claims(client_id="other"))), 401, "", NOT_AUTHORIZED, "audience"),
        (OIDC, token(signed(provider_claims(aud="other"))), 401, "", NOT_AUTHORIZED, "audience"),
        (POOLS, token(signed(provider_claims())), 401, "", NOT_AUTHORIZED, "of a provider"),
        (POOLS, token("Bearer " + signed(pool_claims())), 401, "", UNREADABLE, "Bearer"),
        (OIDC, token("opaque"), 401, "", UNREADABLE, "opaque"),
        (POOLS, token(""), 401, "", MISSING, "empty"),
        (LAMBDA, token(""), 401, "", MISSING, "empty"),
        (KEY, {"x-api-key": ""}, 401, "", MISSING, "empty"),
        (LAMBDA, token("wrong"), 401, "", NOT_AUTHORIZED, "not let in"),
        (LAMBDA, token("t" * 2049), 401, "", NOT_AUTHORIZED, "too long for an authorizer"),
        (KEY, {"x-api-key": "da2-wrong"}, 401, "", NOT_AUTHORIZED, "wrong"),
        (KEY, token(signed(pool_claims())), 401, "", NOT_AUTHORIZED, "a token"),
        (POOLS, {"x-api-key": API_KEY}, 401, "", NOT_AUTHORIZED, "a key"),
        # The first credential that the API has a mode for counts, right or wrong.
        (KEY, {"x-api-key": "da2-wrong", **token("x")}, 401, "", NOT_AUTHORIZED, "two"),
        (POOLS, {"x-api-key": API_KEY, **token("x")}, 401, "", UNREADABLE, "two"),
        *(
            (mode, token(LOOKS_SIGNED), 400, "BadRequestException", NO_SIGNATURE, "looks signed")
            for mode in GOOD
        ),
        (
            KEY,
            {"x-api-key": API_KEY, **token(LOOKS_SIGNED)},
            400,
            "BadRequestException",
            NO_SIGNATURE,
            "looks signed beside a good key",
        ),
    ):
        type_ = kind or "UnauthorizedException"
        found.append(pytest.param(mode, given, status, type_, said, id=f"{mode}: {name}"))
    return found


@pytest.mark.parametrize(("mode", "given", "status", "type_", "said"), cases())
async def test_a_bad_credential_is_answered_over_http_and_over_the_socket(
    mode: AuthMode, given: Mapping[str, str], status: int, type_: str, said: str
) -> None:
    error = {"errorType": type_, "message": said}
    async with serve(mode) as served:
        assert await served.post(given) == (status, {"errors": [error]})
        for way in ("subprotocol", "query"):
            async with served.connected(given, way) as client:
                assert await client.receive() == {
                    "type": "connection_error",
                    "payload": {"errors": [{**error, "errorCode": 401}]},
                }
        async with served.connected(GOOD[mode]) as client:
            assert await client.receive() == {"type": "ka"}
            assert await served.start(client, given) == {
                "id": "1",
                "type": "error",
                "payload": {
                    "errors": [
                        {
                            "errorType": type_,
                            "message": "Valid authorization header not provided.",
                        }
                    ]
                },
            }
            # The connection and whatever else it carries stay.
            assert (await served.start(client, GOOD[mode]))["type"] == "start_ack"


LONG = "x" * 64 * 1024


@pytest.mark.parametrize("mode", GOOD)
async def test_a_token_of_64_kb_is_turned_away_before_anybody_reads_it(mode: AuthMode) -> None:
    name = "x-api-key" if mode is KEY else "authorization"
    async with serve(mode) as served:
        status, answer = await served.post({name: LONG})
        assert (status, answer["errors"][0]["errorType"]) == (
            413,
            "RequestEntityTooLargeException",
        )
        for way, expected in (("subprotocol", 431), ("query", 414), ("headers", 431)):
            with pytest.raises(InvalidStatus) as refused:
                async with served.connected({name: LONG}, way):
                    pass
            assert refused.value.response.status_code == expected
        async with served.connected(GOOD[mode]) as client:
            assert await client.receive() == {"type": "ka"}
            answer = await served.start(client, {name: LONG})
            assert answer["payload"]["errors"][0]["errorType"] == "UnauthorizedException"


async def test_an_authorizer_that_breaks_is_a_bad_request() -> None:
    error = {"errorType": "BadRequestException"}
    given = token("break")
    async with serve(LAMBDA) as served:
        assert await served.post(given) == (400, {"errors": [error]})
        async with served.connected(given) as client:
            assert (await client.receive())["payload"] == {"errors": [{**error, "errorCode": 401}]}
