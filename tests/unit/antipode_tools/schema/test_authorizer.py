"""The scopes that the fields of a schema need."""

from __future__ import annotations

import pytest

from antipode_tools.schema.authorizer import fields_of, render
from antipode_tools.schema.built import SchemaError, built
from antipode_tools.schema.compiler import compile_models

TWO = """
type Order @model(onChange: true) @key(fields: ["customer", "number"]) {
  customer: ID!
  number: Int!
  items: [String]
}
"""


def test_reading_and_writing_are_told_apart_and_publishing_is_nobodys() -> None:
    fields = fields_of(built(compile_models(TWO).schema), frozenset({"Order"}))
    assert fields == {
        "Query.getOrder": "Order:read",
        "Query.listOrder": "Order:read",
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


def test_a_field_that_is_of_no_model_is_refused() -> None:
    schema = built("type Query { now: String }")
    with pytest.raises(SchemaError) as raised:
        fields_of(schema, frozenset({"Order"}))
    assert str(raised.value) == "Query.now returns String, which is of no model"


def test_the_text_is_sorted() -> None:
    assert render({"Query.b": None, "Query.a": "A:read"}) == (
        '{\n  "Query.a": "A:read",\n  "Query.b": null\n}\n'
    )
