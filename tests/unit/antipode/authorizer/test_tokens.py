"""Tokens that are let in, and all the others."""

from __future__ import annotations

import json
import math
import string
from typing import Any

import pytest
from antipode.authorizer.keys import Keys, KeyStore
from antipode.authorizer.refusal import KeysUnavailableError, Reason, RefusedError
from antipode.authorizer.tokens import MAX_TOKEN_CHARACTERS, Claims, Rules, bare, verify
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.fakes.clock import Clock
from tests.fakes.tokens import (
    AUDIENCE,
    ISSUER,
    NOW,
    OTHER_SECRET,
    SECRET,
    FakeSource,
    Signer,
    claims,
    ec_signer,
    encoded,
    rsa_signer,
    secret_keys,
    segment,
    signed,
    with_signature,
)

RULES = Rules(ISSUER, AUDIENCE, skew=30)
ADA = Claims("ada", ISSUER, frozenset({"items:read", "items:write"}), NOW + 600)


def verified(token: str, keys: Keys | None = None, *, now: float = NOW) -> Claims:
    return verify(token, store(keys or secret_keys()), RULES, now)


def store(keys: Keys, clock: Clock | None = None) -> KeyStore:
    return KeyStore(FakeSource(keys), clock or Clock(NOW), lambda error: None)


def refused(token: str, keys: Keys | None = None, *, now: float = NOW) -> Reason:
    with pytest.raises(RefusedError) as raised:
        verified(token, keys, now=now)
    return raised.value.reason


# -- Good ones ------------------------------------------------------------------------------------


def test_a_token_of_the_secret_tells_its_claims() -> None:
    assert verified(signed(claims())) == ADA


@pytest.mark.parametrize("signer", [rsa_signer(), rsa_signer("one", "PS256"), ec_signer()])
def test_a_token_of_a_private_key_tells_its_claims(signer: Signer) -> None:
    assert verified(signer.sign(claims()), Keys((signer.key,))) == ADA


def test_a_token_without_a_key_id_is_tried_with_every_key() -> None:
    signer = rsa_signer(None)
    keys = Keys((rsa_signer("two").key, ec_signer().key, signer.key))
    assert verified(signer.sign(claims()), keys) == ADA


def test_the_previous_secret_serves_on() -> None:
    token = signed(claims(), OTHER_SECRET)
    assert verified(token, secret_keys(SECRET, OTHER_SECRET)) == ADA


def test_one_audience_of_several_is_enough() -> None:
    assert verified(signed(claims(aud=["elsewhere", AUDIENCE]))) == ADA


@pytest.mark.parametrize(
    ("changes", "scopes"),
    [
        ({"scope": "items:read"}, {"items:read"}),
        ({"scope": "  openid   items:read "}, {"openid", "items:read"}),
        ({"scope": ["items:read", "openid"]}, {"items:read", "openid"}),
        ({"scope": None, "scp": ["items:read"]}, {"items:read"}),
        ({"scope": None, "scp": "items:read"}, {"items:read"}),
        ({"scope": "", "scp": "items:write"}, set()),
        ({"scope": None}, set()),
    ],
)
def test_scopes_are_a_text_or_a_list(changes: Any, scopes: set[str]) -> None:
    assert verified(signed(claims(**changes))).scopes == scopes


# -- Time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "seconds", "reason"),
    [
        ({"exp": NOW}, 29.9, None),
        ({"exp": NOW}, 30.0, Reason.EXPIRED),
        ({"exp": 0}, 0.0, Reason.EXPIRED),
        ({"nbf": NOW}, -30.0, None),
        ({"nbf": NOW}, -30.1, Reason.NOT_YET_VALID),
        ({"iat": NOW}, -30.0, None),
        ({"iat": NOW}, -30.1, Reason.NOT_YET_VALID),
    ],
)
def test_a_token_is_valid_in_its_time_and_a_clock_may_be_off_by_the_skew(
    changes: Any, seconds: float, reason: Reason | None
) -> None:
    token = signed(claims(**changes))
    if reason is None:
        assert verified(token, now=NOW + seconds).subject == "ada"
    else:
        assert refused(token, now=NOW + seconds) == reason


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, -1, 10**400, "1795381020", True, [], {}]
)
def test_a_time_that_cannot_be_read_is_refused(name: str, value: Any) -> None:
    assert refused(signed(claims(**{name: value}))) == Reason.CLAIMS


# -- Claims ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["exp", "iss", "aud", "sub"])
def test_a_claim_that_is_missing_is_refused(name: str) -> None:
    assert refused(signed(claims(**{name: None}))) == Reason.CLAIMS


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://issuer.example/"}, Reason.ISSUER),
        ({"iss": [ISSUER]}, Reason.ISSUER),
        ({"aud": "elsewhere"}, Reason.AUDIENCE),
        ({"aud": []}, Reason.CLAIMS),
        ({"aud": 5}, Reason.AUDIENCE),
        ({"sub": ""}, Reason.CLAIMS),
        ({"sub": 5}, Reason.CLAIMS),
        ({"sub": {"a": 1}}, Reason.CLAIMS),
        ({"scope": 5}, Reason.CLAIMS),
        ({"scope": ["items:read", 5]}, Reason.CLAIMS),
        ({"scope": {"items:read": True}}, Reason.CLAIMS),
    ],
)
def test_a_claim_that_is_wrong_is_refused(changes: Any, reason: Reason) -> None:
    assert refused(signed(claims(**changes))) == reason


# -- Signatures -----------------------------------------------------------------------------------


def test_a_token_of_another_secret_is_refused() -> None:
    assert refused(signed(claims(), OTHER_SECRET)) == Reason.SIGNATURE


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
@pytest.mark.parametrize("signature", [encoded(b"x"), encoded(b"x" * 32)])
def test_a_token_without_an_algorithm_is_refused(algorithm: str, signature: str) -> None:
    token = f"{segment({'alg': algorithm})}.{segment(claims())}.{signature}"
    for keys in (secret_keys(), Keys((rsa_signer().key,))):
        assert refused(token, keys) == Reason.ALGORITHM


def test_a_token_without_a_signature_is_none() -> None:
    with pytest.raises(RefusedError) as raised:
        bare(f"{segment({'alg': 'none'})}.{segment(claims())}.")
    assert raised.value.reason == Reason.MALFORMED


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_never_taken_for_a_secret(algorithm: str) -> None:
    signer = rsa_signer()
    head = segment({"alg": algorithm, "kid": "one"})
    token = with_signature(f"{head}.{segment(claims())}", signer.pem)
    assert refused(token, Keys((signer.key,))) == Reason.ALGORITHM


def test_a_key_is_for_one_algorithm_whatever_the_token_names() -> None:
    token = Signer("PS256", rsa_signer().private).sign(claims())
    assert refused(token, Keys((rsa_signer().key,))) == Reason.ALGORITHM
    assert refused(signed(claims(), alg="HS512")) == Reason.ALGORITHM


def test_a_key_that_a_token_brings_along_is_not_used() -> None:
    stranger = Signer("RS256", rsa_signer("stranger").private)
    token = stranger.sign(claims(), jwk=stranger.entry(), jku="https://evil.example/keys")
    assert refused(token, Keys((rsa_signer().key,))) == Reason.SIGNATURE


def test_a_token_that_names_an_unknown_key_is_refused() -> None:
    token = rsa_signer("stranger").sign(claims())
    assert refused(token, Keys((rsa_signer().key,))) == Reason.UNKNOWN_KEY


def test_a_token_that_asks_to_understand_more_is_refused() -> None:
    assert refused(signed(claims(), crit=["exp"], exp=1)) != Reason.SIGNATURE


# -- Rotation -------------------------------------------------------------------------------------


def rotating(before: Keys, after: Keys) -> tuple[KeyStore, FakeSource, Clock]:
    """A store that has the keys before, and whose source has those after; the pause is over."""
    source, clock = FakeSource(before), Clock(NOW)
    kept = KeyStore(source, clock, lambda error: None)
    kept.get()
    source.keys = after
    clock.now += 60
    return kept, source, clock


def test_a_secret_that_has_rotated_is_fetched_at_the_first_token_of_the_new_one() -> None:
    kept, source, _ = rotating(secret_keys(), secret_keys(OTHER_SECRET, SECRET))
    assert verify(signed(claims(), OTHER_SECRET), kept, RULES, NOW) == ADA
    assert verify(signed(claims()), kept, RULES, NOW) == ADA
    assert source.asked == 2


def test_a_key_set_that_has_rotated_is_fetched_at_the_first_token_of_the_new_key() -> None:
    one, two = rsa_signer("one"), ec_signer("two")
    kept, source, _ = rotating(Keys((one.key,)), Keys((one.key, two.key)))
    assert verify(two.sign(claims()), kept, RULES, NOW) == ADA
    assert source.asked == 2


def test_a_flood_of_forged_tokens_asks_for_keys_once_in_a_while() -> None:
    kept, source, _ = rotating(secret_keys(), secret_keys())
    for number in range(50):
        with pytest.raises(RefusedError):
            verify(signed(claims(), b"%064d" % number), kept, RULES, NOW)
    assert source.asked == 2


def test_an_expired_token_of_a_known_key_asks_for_no_keys() -> None:
    kept, source, _ = rotating(secret_keys(), secret_keys())
    with pytest.raises(RefusedError):
        verify(signed(claims(exp=1)), kept, RULES, NOW)
    assert source.asked == 1


def test_without_keys_every_token_is_refused() -> None:
    source = FakeSource(None)
    kept = KeyStore(source, Clock(NOW), lambda error: None)
    with pytest.raises(KeysUnavailableError):
        verify(signed(claims()), kept, RULES, NOW)


# -- What is no token -----------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "Bearer ", "bearer ", "lambda:"])
def test_some_words_may_stand_before_a_token(before: str) -> None:
    token = signed(claims())
    assert bare(f"{before}{token}") == token


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        "",
        "Bearer ",
        "Basic YTpi",
        "a.b",
        "a.b.c.d",
        "a..c",
        " a.b.c",
        "a.b.c\n",
        "a.b.c=",
        "Bearer  a.b.c",
        "Lambda:a.b.c",
        "lambda:Bearer a.b.c",
        "BearerBearer a.b.c",
        "a.b.ü",
        "AWS4-HMAC-SHA256 Credential=a.b.c",
    ],
)
def test_what_does_not_look_like_a_token_is_none(text: object) -> None:
    with pytest.raises(RefusedError) as raised:
        bare(text)
    assert raised.value.reason == Reason.MALFORMED


def test_a_token_that_is_too_long_is_not_read() -> None:
    longest = "a" * (MAX_TOKEN_CHARACTERS - 4) + ".b.c"
    assert bare(longest) == longest
    for text in (f"a{longest}", "a" * 65_536 + ".b.c"):
        with pytest.raises(RefusedError) as raised:
            bare(text)
        assert raised.value.reason == Reason.MALFORMED


@pytest.mark.parametrize(
    "token",
    [
        "a.b.c",
        f"{encoded(b'[]')}.{segment(claims())}.{encoded(b'x')}",
        f"{encoded(b'{')}.{segment(claims())}.{encoded(b'x')}",
        f"{encoded(b'[' * 5_000)}.{segment(claims())}.{encoded(b'x')}",
        f"{encoded(bytes([255]))}.{segment(claims())}.{encoded(b'x')}",
        f"{segment({'alg': 'HS256', 'kid': 5})}.{segment(claims())}.{encoded(b'x')}",
    ],
)
def test_a_header_that_cannot_be_read_is_refused(token: str) -> None:
    assert refused(token) == Reason.MALFORMED


@pytest.mark.parametrize("payload", ["text", 5, None, [], [claims()], True])
def test_a_payload_that_holds_no_claims_is_refused(payload: Any) -> None:
    assert refused(signed(payload)) == Reason.MALFORMED


# -- Whatever else ---------------------------------------------------------------------------------

GOOD = signed(claims())
ALPHABET = string.ascii_letters + string.digits + "-_."


def lets_in(text: str) -> bool:
    try:
        verified(bare(text))
    except RefusedError:
        return False
    return True


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(ALPHABET))
def test_a_token_with_one_other_character_is_refused(position: int, character: str) -> None:
    changed = GOOD[:position] + character + GOOD[position + 1 :]
    assume(changed != GOOD)
    assert not lets_in(changed)


@given(st.integers(0, len(GOOD)), st.text(ALPHABET + "= \n", min_size=1, max_size=5))
def test_a_token_with_more_in_it_is_refused(position: int, more: str) -> None:
    assert not lets_in(GOOD[:position] + more + GOOD[position:])


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 40))
def test_a_token_with_less_in_it_is_refused(position: int, length: int) -> None:
    assert not lets_in(GOOD[:position] + GOOD[position + length :])


@given(
    st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}", fullmatch=True)
)
@example("e30.e30.e30")
def test_no_text_is_let_in(text: str) -> None:
    assert not lets_in(text)


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c"]), VALUES))
def test_no_header_without_the_right_algorithm_is_let_in(header: Any) -> None:
    assume(header.get("alg") != "HS256")
    head = encoded(json.dumps(header).encode())
    assert not lets_in(with_signature(f"{head}.{segment(claims())}", SECRET))


@given(
    st.dictionaries(st.sampled_from(["exp", "iss", "aud", "sub", "scope", "nbf", "iat"]), VALUES)
)
def test_a_signed_payload_of_any_values_is_refused_or_returned_as_it_is(changes: Any) -> None:
    try:
        told = verified(signed({**claims(), **changes}))
    except RefusedError:
        return
    assert (told.subject, told.issuer) == (changes.get("sub", "ada"), ISSUER)
    assert told.expires > NOW - RULES.skew
