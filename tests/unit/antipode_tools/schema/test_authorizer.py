"""The scopes that the fields of a schema need."""

from __future__ import annotations

from antipode_tools.schema.authorizer import fields_of, render
from antipode_tools.schema.built import built
from antipode_tools.schema.compiler import compile_models

TWO = """
type Order @model(onChange: true) {
  customer: ID! @primaryKey(sortKeyFields: ["number"])
  number: Int!
  items: [String]
}
"""


def test_reading_and_writing_are_told_apart_and_publishing_is_nobodys() -> None:
    fields = fields_of(built(compile_models(TWO).schema), frozenset({"Order"}))
    assert fields == {
        "Query.getOrder": "Order:read",
        "Query.listOrders": "Order:read",
        "Mutation.createOrder": "Order:write",
        "Mutation.updateOrder": "Order:write",
        "Mutation.deleteOrder": "Order:write",
        "Mutation.publishCreateOrder": None,
        "Mutation.publishUpdateOrder": None,
        "Mutation.publishDeleteOrder": None,
        "Subscription.onCreateOrder": "Order:read",
        "Subscription.onUpdateOrder": "Order:read",
        "Subscription.onDeleteOrder": "Order:read",
        "Subscription.onChangeOrder": "Order:read",
    }


def test_no_scope_opens_a_field_that_is_of_no_model() -> None:
    schema = built("type Query { now: String, page: Page } type Page { items: [String] }")
    assert fields_of(schema, frozenset({"Order"})) == {"Query.now": None, "Query.page": None}


def test_the_text_is_sorted() -> None:
    assert render({"Query.b": None, "Query.a": "A:read"}) == (
        '{\n  "Query.a": "A:read",\n  "Query.b": null\n}\n'
    )
