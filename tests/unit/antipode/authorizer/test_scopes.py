"""What scopes grant."""

from __future__ import annotations

import pytest
from antipode.authorizer.scopes import Grants, load

FIELDS = {
    "Query.getOrder": "Order:read",
    "Mutation.createOrder": "Order:write",
    "Subscription.onCreateOrder": "Order:read",
    "Mutation.publishCreateOrder": None,
    "Query.getTodo": "Todo:read",
    "Mutation.createTodo": "Todo:write",
}
GRANTS = Grants(FIELDS)


@pytest.mark.parametrize(
    ("scopes", "granted"),
    [
        ({"items:read"}, {"Query.getOrder", "Subscription.onCreateOrder", "Query.getTodo"}),
        ({"items:write"}, {"Mutation.createOrder", "Mutation.createTodo"}),
        (
            {"items:read", "items:write"},
            FIELDS.keys() - {"Mutation.publishCreateOrder"},
        ),
        ({"Order:read"}, {"Query.getOrder", "Subscription.onCreateOrder"}),
        ({"Order:read", "Todo:write"}, GRANTS.needed.keys() & {
            "Query.getOrder", "Subscription.onCreateOrder", "Mutation.createTodo"
        }),
        (set(), set()),
        ({"openid", "Order", "Order:", ":read", "read", "*", "items:*", "order:read"}, set()),
        ({"Order:publish", "items:None", "None"}, set()),
    ],
)  # fmt: skip
def test_a_field_is_denied_unless_a_scope_grants_it(scopes: set[str], granted: set[str]) -> None:
    assert set(GRANTS.denied(scopes)) == FIELDS.keys() - granted


def test_no_scope_opens_what_is_the_relays_own() -> None:
    everything = {scope for scope in FIELDS.values() if scope} | {"items:read", "items:write"}
    assert GRANTS.denied(everything) == ["Mutation.publishCreateOrder"]


def test_scopes_that_grant_nothing_here_are_not_known() -> None:
    assert GRANTS.known({"openid", "items:write", "Order:read", "Invoice:read"}) == [
        "Order:read",
        "items:write",
    ]


def test_the_fields_are_read_as_they_are_written() -> None:
    assert load('{"Query.getOrder": "Order:read", "Mutation.publishCreateOrder": null}') == Grants(
        {"Query.getOrder": "Order:read", "Mutation.publishCreateOrder": None}
    )
