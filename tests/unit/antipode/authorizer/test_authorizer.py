"""One question of AppSync's to one answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from antipode.authorizer.answer import MAX_TTL_S
from antipode.authorizer.authorizer import Authorizer, Decision
from antipode.authorizer.handing import Handing
from antipode.authorizer.keys import KeyStore
from antipode.authorizer.refusal import Reason
from antipode.authorizer.scopes import Grants, load
from antipode.authorizer.tokens import Rules

from tests.fakes.clock import Clock
from tests.fakes.tokens import (
    AUDIENCE,
    ISSUER,
    NOW,
    OTHER_SECRET,
    FakeSource,
    claims,
    signed,
)

ROOT = Path(__file__).parents[4]
FIELDS = load((ROOT / "src" / "authorizer" / "fields.json").read_text())
PUBLISH = [f"Mutation.publish{kind}ItemsModel" for kind in ("Create", "Delete", "Update")]
# AppSync's bound for an answer that it can cache.
MAX_ANSWER_BYTES = 1_048_576


def authorizer(
    source: FakeSource | None = None, *, cache_s: int = 300, grants: Grants = FIELDS
) -> Authorizer:
    clock = Clock(NOW)
    return Authorizer(
        store=KeyStore(source or FakeSource(), clock, lambda error: None),
        rules=Rules(ISSUER, AUDIENCE, skew=30),
        grants=grants,
        handing=Handing(groups=("cognito:groups",), texts=("email", "sub")),
        cache_s=cache_s,
        now=clock,
    )


def event(token: object, **changes: Any) -> dict[str, Any]:
    """One of the sample events, with this token."""
    sample: dict[str, Any] = json.loads((ROOT / "events" / "authorize.json").read_text())
    return {**sample, "authorizationToken": token, **changes}


def admitted(**changes: Any) -> Any:
    decision = authorizer().decide(event(signed(claims(**changes))))
    assert decision.reason is None
    return decision.answer


REFUSED = {"isAuthorized": False, "ttlOverride": 0}


def test_a_token_for_everything_is_let_in_with_its_identity_and_may_not_publish() -> None:
    assert admitted() == {
        "isAuthorized": True,
        "resolverContext": {"sub": "ada", "issuer": ISSUER, "scope": "items:read items:write"},
        "deniedFields": PUBLISH,
        "ttlOverride": 300,
    }


def test_a_token_for_reading_may_not_mutate() -> None:
    assert admitted(scope="openid items:read") == {
        "isAuthorized": True,
        "resolverContext": {"sub": "ada", "issuer": ISSUER, "scope": "items:read"},
        "deniedFields": [
            "Mutation.createItemsModel",
            "Mutation.deleteItemsModel",
            *PUBLISH,
            "Mutation.updateItemsModel",
        ],
        "ttlOverride": 300,
    }


def test_a_token_for_writing_may_not_read_nor_subscribe() -> None:
    assert admitted(scope="ItemsModel:write")["deniedFields"] == [
        *PUBLISH,
        "Query.getItemsModel",
        "Query.listItemsModel",
        "Subscription.onCreateItemsModel",
        "Subscription.onDeleteItemsModel",
        "Subscription.onUpdateItemsModel",
    ]


def test_what_reaches_resolvers_is_flat_and_of_strings() -> None:
    asked = {"cognito:groups": ["staff"], "email": "ada@example.com"}
    context = admitted(extra={"nested": [1]}, sub="x" * 100, **asked)["resolverContext"]
    assert context == {
        "cognito:groups": '["staff"]',
        "email": "ada@example.com",
        "sub": "x" * 100,
        "issuer": ISSUER,
        "scope": "items:read items:write",
    }


@pytest.mark.parametrize("scope", [None, "", "openid profile", "Invoice:read"])
def test_a_token_that_grants_nothing_here_is_refused(scope: str | None) -> None:
    decision = authorizer().decide(event(signed(claims(scope=scope))))
    assert decision == Decision(REFUSED, Reason.NOTHING_GRANTED)


@pytest.mark.parametrize(
    ("cache_s", "left", "ttl"),
    [
        (300, 600, 300),
        (300, 299.9, 299),
        (300, 0.5, 0),
        (300, -10, 0),
        (0, 600, 0),
        (100_000, 100_000, MAX_TTL_S),
    ],
)
def test_an_answer_is_cached_no_longer_than_its_token_is_valid(
    cache_s: int, left: float, ttl: int
) -> None:
    token = signed(claims(exp=NOW + left))
    answer = authorizer(cache_s=cache_s).decide(event(token)).answer
    assert answer["isAuthorized"] is True
    assert answer["ttlOverride"] == ttl


@pytest.mark.parametrize(
    "context",
    [
        {"operationName": "DeepDish:Connect", "queryString": "", "variables": {}},
        {"queryString": "mutation { deleteItemsModel(input: {id: 1}) { id } }"},
        {},
    ],
)
def test_the_answer_is_the_same_whatever_is_asked(context: dict[str, Any]) -> None:
    # AppSync caches it by the token.
    decide = authorizer().decide
    token = signed(claims())
    assert decide(event(token, requestContext=context)) == decide(event(token))


@pytest.mark.parametrize("name", ["authorize", "authorize-connect"])
def test_the_sample_events_have_a_token_that_nobody_signed(name: str) -> None:
    sample = json.loads((ROOT / "events" / f"{name}.json").read_text())
    assert authorizer().decide(sample) == Decision(REFUSED, Reason.SIGNATURE)
    asked = {**sample, "authorizationToken": signed(claims())}
    assert authorizer().decide(asked).reason is None


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(claims(exp=1)), Reason.EXPIRED),
        (signed(claims(), OTHER_SECRET), Reason.SIGNATURE),
        (signed(claims(aud="elsewhere")), Reason.AUDIENCE),
        ("", Reason.MALFORMED),
        ("a" * 65_536, Reason.MALFORMED),
        (None, Reason.MALFORMED),
    ],
)
def test_a_refusal_says_nothing_and_is_not_cached(token: object, reason: Reason) -> None:
    assert authorizer().decide(event(token)) == Decision(REFUSED, reason)


def test_without_keys_everybody_is_refused_and_nothing_is_cached() -> None:
    source = FakeSource(None)
    decide = authorizer(source).decide
    assert decide(event(signed(claims()))) == Decision(REFUSED, Reason.KEYS_UNAVAILABLE)
    source.keys = FakeSource().keys
    assert decide(event(signed(claims()))).reason is None


@pytest.mark.parametrize("wrong", [{}, {"authorizationToken": []}, [], None, "text", 5])
def test_an_event_of_any_shape_is_answered(wrong: Any) -> None:
    decision = authorizer().decide(wrong)
    assert decision.answer == REFUSED
    assert decision.reason in (Reason.MALFORMED, Reason.INTERNAL)


def test_a_defect_of_our_own_refuses_everyone() -> None:
    class Broken(FakeSource):
        def __call__(self) -> Any:
            raise ZeroDivisionError

    decision = authorizer(Broken()).decide(event(signed(claims())))
    assert (decision.answer, decision.reason) == (REFUSED, Reason.INTERNAL)
    assert isinstance(decision.error, ZeroDivisionError)


def test_the_answer_for_as_many_models_as_a_stack_holds_can_be_cached() -> None:
    names = [f"{'M' * 39}{number:03}" for number in range(40)]
    operations = ("create", "update", "delete", "publishCreate", "publishUpdate", "publishDelete")
    fields = {f"Mutation.{each}{name}": f"{name}:write" for name in names for each in operations}
    decide: Callable[[Any], Decision] = authorizer(
        grants=Grants({**fields, "Query.get": "Order:read"})
    ).decide
    answer = decide(event(signed(claims(scope="Order:read", sub="s" * 5_000)))).answer
    assert len(answer["deniedFields"]) == len(fields)
    assert len(json.dumps(answer)) < MAX_ANSWER_BYTES
