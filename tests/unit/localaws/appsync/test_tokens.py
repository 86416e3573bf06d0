"""Tokens: which let in, and what is said of the others."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.deployed import TokenIssuer
from localaws.appsync.ports import Json
from localaws.appsync.tokens import TokenRefused, is_token, read, usable, verify
from tests.unit.localaws.appsync.fakes import NOW
from tests.unit.localaws.appsync.issuing import (
    ABSENT,
    AT,
    POOL,
    PROVIDER,
    PrivateKey,
    ec_key,
    pool_claims,
    provider_claims,
    public,
    rsa_key,
    signed,
)

NOT_AUTHORIZED = "You are not authorized to make this call."
UNREADABLE = "Unable to parse JWT token."
EXPIRED = "Token has expired."


def key(private: PrivateKey = None, **more: Json) -> jwt.PyJWK:
    found = usable(public("1", private or rsa_key("1"), **more))
    assert found is not None
    return found


def refusal(token: str, issuer: TokenIssuer, by: jwt.PyJWK | None = None) -> str:
    with pytest.raises(TokenRefused) as refused:
        verify(read(token), issuer, by or key(), NOW)
    return str(refused.value)


def by_hand(header: Json, claims: Json, signature: bytes = b"") -> str:
    """A token that no library would make."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("use", ["id", "access"])
def test_a_good_token_gives_its_claims(use: str) -> None:
    claims = pool_claims(token_use=use)
    assert verify(read(signed(claims)), POOL, key(), NOW) == claims


@pytest.mark.parametrize(
    "claims",
    [
        provider_claims(exp=AT + 1),
        provider_claims(nbf=AT),
        provider_claims(aud=["other", "app"]),
        provider_claims(aud="other", azp="web"),
        provider_claims(iat=ABSENT),
    ],
)
def test_what_is_just_good_enough_is_good(claims: Json) -> None:
    assert verify(read(signed(claims)), PROVIDER, key(), NOW) == claims


@pytest.mark.parametrize("changes", [{"exp": AT}, {"exp": AT - 3600}])
def test_an_expired_token_is_reported_as_expired(changes: Json) -> None:
    assert refusal(signed(pool_claims(**changes)), POOL) == EXPIRED
    assert refusal(signed(provider_claims(**changes)), PROVIDER) == EXPIRED


@pytest.mark.parametrize(
    "changes",
    [
        {"nbf": AT + 1},
        {"iat": AT + 1},
        {"exp": ABSENT},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"nbf": None},
        {"iss": "https://id.example.org"},
        {"iss": ABSENT},
        {"iss": ["https://id.example.com"]},
        {"sub": ABSENT},
        {"sub": 7},
        {"aud": "other"},
        {"aud": "webber"},
        {"aud": ABSENT},
        {"aud": [["web"]]},
    ],
)
def test_a_providers_token_with_a_wrong_claim_lets_nobody_in(changes: Json) -> None:
    claims = provider_claims(**changes)
    # By hand: the library does not write all that anybody may send.
    signature = jwt.api_jws.PyJWS().encode(json.dumps(claims).encode(), rsa_key("1"), "RS256")
    assert refusal(signature, PROVIDER) == NOT_AUTHORIZED


@pytest.mark.parametrize(
    "changes",
    [
        {"token_use": "refresh"},
        {"token_use": ABSENT},
        {"client_id": "other"},
        {"client_id": ABSENT},
        {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/eu-west-1_Pool"},
    ],
)
def test_a_pools_token_with_a_wrong_claim_lets_nobody_in(changes: Json) -> None:
    assert refusal(signed(pool_claims(**changes)), POOL) == NOT_AUTHORIZED


def test_without_an_expression_every_client_is_let_in() -> None:
    claims = provider_claims(aud=ABSENT)
    assert verify(read(signed(claims)), replace(PROVIDER, clients=None), key(), NOW) == claims


@pytest.mark.parametrize(
    ("claim", "issuer"),
    [
        ("auth_time", replace(PROVIDER, since_sign_in_s=60.0)),
        ("iat", replace(PROVIDER, since_issue_s=60.0)),
    ],
)
def test_a_token_may_be_too_old_for_the_api_before_it_expires(
    claim: str, issuer: TokenIssuer
) -> None:
    young, old = (signed(provider_claims(**{claim: AT - age})) for age in (60, 61))
    assert verify(read(young), issuer, key(), NOW)["sub"] == "ada"
    assert refusal(old, issuer) == EXPIRED
    assert refusal(signed(provider_claims(**{claim: ABSENT})), issuer) == NOT_AUTHORIZED


# -- Signatures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_a_provider_may_sign_with_rsa(algorithm: str) -> None:
    claims = provider_claims()
    assert verify(read(signed(claims, algorithm=algorithm)), PROVIDER, key(), NOW) == claims


def test_a_provider_may_sign_with_elliptic_curves() -> None:
    claims = provider_claims()
    token = signed(claims, key=ec_key("1"), algorithm="ES256")
    assert verify(read(token), PROVIDER, key(ec_key("1")), NOW) == claims


def test_a_pool_signs_with_rs256_alone() -> None:
    assert refusal(signed(pool_claims(), algorithm="RS512"), POOL) == NOT_AUTHORIZED


def test_another_key_of_the_same_id_lets_nobody_in() -> None:
    assert refusal(signed(pool_claims(), key=rsa_key("forged")), POOL) == NOT_AUTHORIZED


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_a_token_without_a_signature_lets_nobody_in(algorithm: str) -> None:
    token = by_hand({"alg": algorithm, "typ": "JWT", "kid": "1"}, provider_claims())
    assert refusal(token, PROVIDER) == NOT_AUTHORIZED


def test_the_public_key_is_no_shared_secret() -> None:
    shown: rsa.RSAPublicKey = rsa_key("1").public_key()
    secret = shown.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing_input = by_hand({"alg": "HS256", "kid": "1"}, provider_claims()).rpartition(".")[0]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signing_input.encode(), secret
    )
    digits = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    assert refusal(f"{signing_input}.{digits}", PROVIDER) == NOT_AUTHORIZED


def test_claims_that_were_changed_after_signing_let_nobody_in() -> None:
    header, _, signature = signed(provider_claims()).split(".")
    claims = by_hand({}, provider_claims(sub="root")).split(".")[1]
    assert refusal(f"{header}.{claims}.{signature}", PROVIDER) == NOT_AUTHORIZED


@pytest.mark.parametrize(
    "shown",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "1"},
        {"kty": "RSA", "kid": "1"},
        {"kty": "unknown"},
        {},
        [],
        "key",
        None,
    ],
)
def test_a_key_set_may_hold_what_no_token_can_be_signed_with(shown: Json) -> None:
    assert usable(shown) is None


# -- Form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "..",
        "e30.e30",
        "Bearer " + signed(pool_claims()),
        "\ud800.\ud800.\ud800",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/appsync/aws4_request",
        "x" * 65_536,
        by_hand([], {}),
        by_hand({"alg": "RS256"}, []),
        by_hand({"alg": "RS256", "kid": 7}, {}),
        by_hand({"alg": "RS256", "b64": False, "crit": ["b64"]}, {}),
    ],
)
def test_what_is_no_token_cannot_be_parsed(token: str) -> None:
    assert not is_token(token)
    with pytest.raises(TokenRefused) as refused:
        read(token)
    assert str(refused.value) == UNREADABLE


def test_unclosed_brackets_are_not_a_token() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 48_000).decode()
    assert not is_token(f"{deep}.{deep}.")
    assert not is_token(f"e30.{deep}.")


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    is_token(text)


PART = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "x"]), PART),
    st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "azp"]), PART),
    st.binary(max_size=40),
)
def test_no_header_claims_or_signature_lets_in_or_breaks_anything(
    header: Json, claims: Json, signature: bytes
) -> None:
    try:
        token = read(by_hand(header, claims, signature))
    except TokenRefused:
        return
    with pytest.raises(TokenRefused):
        verify(token, PROVIDER, key(), datetime.now(UTC))


@given(st.dictionaries(st.sampled_from(["sub", "aud", "exp", "nbf", "iat", "azp"]), PART))
def test_no_signed_claims_break_anything(claims: Json) -> None:
    signature = jwt.api_jws.PyJWS().encode(
        json.dumps({"iss": PROVIDER.issuer, **claims}).encode(), rsa_key("1"), "RS256"
    )
    with suppress(TokenRefused):
        assert verify(read(signature), PROVIDER, key(), NOW)["iss"] == PROVIDER.issuer
