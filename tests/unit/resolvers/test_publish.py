from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

Resolver = Callable[[str, HandlerName, Json], Evaluation]

CHANGE = {"id": "a", "item": "b", "_change": {"id": "e", "kind": "CREATE", "sequence": "100"}}
RELAY = "AROAEXAMPLERELAY"


def context(identity: Json, change: Json = CHANGE) -> Json:
    return {
        "arguments": {"change": change},
        "identity": identity,
        "env": {"RELAY_ROLE_ID": RELAY},
        "info": {"fieldName": "publishCreateItemsModel", "parentTypeName": "Mutation"},
        "stash": {},
    }


def principal(username: str) -> Json:
    return {
        "accountId": "123456789012",
        "username": username,
        "userArn": f"arn:aws:sts::123456789012:assumed-role/role/{username}",
        "sourceIp": ["192.0.2.1"],
    }


def test_the_relay_announces_a_change(resolver: Resolver) -> None:
    evaluation = resolver("publish", HandlerName.REQUEST, context(principal(f"{RELAY}:relay")))

    assert evaluation == Evaluation(result={"payload": CHANGE})


def test_a_change_that_is_still_a_text_is_parsed(resolver: Resolver) -> None:
    evaluation = resolver(
        "publish", HandlerName.REQUEST, context(principal(f"{RELAY}:relay"), '{"id":"a"}')
    )

    assert evaluation.result == {"payload": {"id": "a"}}


@pytest.mark.parametrize(
    "identity",
    [
        principal("AROASOMEBODYELSE:relay"),
        principal(f"{RELAY}2:relay"),
        principal(f"x{RELAY}:relay"),
        principal("relay"),
        principal(""),
        {},
        None,
    ],
)
def test_every_other_principal_is_refused(resolver: Resolver, identity: Json) -> None:
    evaluation = resolver("publish", HandlerName.REQUEST, context(identity))

    message = "Not Authorized to access publishCreateItemsModel on type Mutation"
    assert evaluation.result is None
    assert evaluation.error == HandlerError(message, "Unauthorized")


def test_the_change_is_returned(resolver: Resolver) -> None:
    evaluation = resolver("publish", HandlerName.RESPONSE, {**context(None), "result": CHANGE})

    assert evaluation == Evaluation(result=CHANGE)
