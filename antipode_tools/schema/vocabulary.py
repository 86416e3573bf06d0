"""The directives that there are: where each stands, what its arguments take, and an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antipode_tools.schema.auth.checks import EXAMPLE as AUTH_EXAMPLE
from antipode_tools.schema.definitions import listed

# The functions of one pipeline.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_STEPS = 10
# As src/authorizer takes them apart: whose, and what for.
_SCOPE = re.compile(r"[^\s:]+:[^\s:]+")

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")

FIELD = "a field of a model"
SERVED = "a field of Query or Mutation, or of a type"
SOURCED = "a field of Query, Mutation or Subscription, or of a type"
OPERATION = "a field of Query, Mutation or Subscription"
SUBSCRIPTION = "a field of Subscription"
ANY_FIELD = "a field"


@dataclass(frozen=True)
class Rule:
    """Where a directive stands, what its arguments are, and an example of it."""

    place: str
    arguments: Mapping[str, Callable[[Any], bool]]
    example: str
    needed: frozenset[str] = frozenset()
    repeatable: bool = False


def is_field_name(name: object) -> bool:
    """Whether a field could be named so. `name` is whatever the author wrote."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_limit(value: object) -> bool:
    # value_from_ast_untyped makes an int of an Int.
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000


def _are_names(value: object) -> bool:
    """A field's name, or a list of them; a list of nothing is none."""
    if isinstance(value, list):
        return all(is_field_name(each) for each in value)
    return is_field_name(value)


def _are_operations(value: object) -> bool:
    """The names that @model gives to operations: a name, null, or for subscriptions a list."""
    if value is None:
        return True
    if not isinstance(value, Mapping):
        return False
    return all(each is None or _are_names(each) for each in value.values())


def _is_scope(value: object) -> bool:
    return isinstance(value, str) and _SCOPE.fullmatch(value) is not None


def _is_step(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_STEPS


def _are_texts(value: object) -> bool:
    """A text, or a list of them."""
    given = listed(value)
    return bool(given) and all(map(_is_text, given))


_RELATION = {"indexName": _is_text, "fields": _are_names, "references": _are_names}
RULES = {
    "model": Rule(
        "a type that has a table",
        {
            "queries": _are_operations,
            "mutations": _are_operations,
            "subscriptions": _are_operations,
            "timestamps": _are_operations,
            "onChange": _is_bool,
            "sync": _is_bool,
            "table": _is_text,
        },
        '@model(queries: { list: "listTodos" }, subscriptions: null)',
    ),
    "primaryKey": Rule(FIELD, {"sortKeyFields": _are_names}, '@primaryKey(sortKeyFields: ["at"])'),
    "index": Rule(
        FIELD,
        {
            "name": _is_text_or_null,
            "sortKeyFields": _are_names,
            "queryField": _is_text_or_null,
            "projection": lambda value: isinstance(value, Mapping),
        },
        '@index(name: "byStatus", sortKeyFields: ["createdAt"], queryField: "todosByStatus")',
        repeatable=True,
    ),
    "hasOne": Rule(FIELD, {"fields": _are_names, "references": _are_names}, "@hasOne"),
    "hasMany": Rule(
        FIELD,
        {**_RELATION, "limit": _is_limit},
        '@hasMany(indexName: "byPost", fields: ["id"])',
    ),
    "belongsTo": Rule(
        FIELD,
        # Of how Amplify names an index that it makes itself.
        {"fields": _are_names, "references": _are_names, "overrideIndexName": _is_text_or_null},
        '@belongsTo(fields: ["postId"])',
    ),
    "manyToMany": Rule(
        FIELD,
        {"relationName": is_field_name, "limit": _is_limit},
        '@manyToMany(relationName: "PostTags")',
        needed=frozenset({"relationName"}),
    ),
    "default": Rule(FIELD, {"value": lambda _: True}, '@default(value: "0")'),
    "validate": Rule(
        FIELD,
        {"type": lambda _: True, "value": lambda _: True, "errorMessage": _is_text},
        '@validate(type: minLength, value: "3")',
        needed=frozenset({"type", "value"}),
        repeatable=True,
    ),
    "ttl": Rule(FIELD, {}, "@ttl"),
    "set": Rule(FIELD, {}, "@set"),
    "function": Rule(
        SERVED,
        {
            "name": _is_text,
            "invocationType": lambda value: value in ("RequestResponse", "Event"),
            "region": lambda value: value is None,
            "accountId": lambda value: value is None,
        },
        '@function(name: "Invite"), of the Region and the account that the API is in',
        needed=frozenset({"name"}),
        repeatable=True,
    ),
    "source": Rule(
        SOURCED,
        {"model": _is_text, "function": _is_text, "step": _is_step},
        '@source(model: "Card"), @source(function: "Charge", step: 2)',
        repeatable=True,
    ),
    "scope": Rule(
        OPERATION, {"name": _is_scope}, '@scope(name: "Card:write")', needed=frozenset({"name"})
    ),
    "aws_subscribe": Rule(
        SUBSCRIPTION,
        {"mutations": _are_texts},
        '@aws_subscribe(mutations: ["ring"])',
        needed=frozenset({"mutations"}),
    ),
    "auth": Rule(
        "a model, a field of one, or an operation of your own",
        # Looked at one by one by auth/checks.py.
        {"rules": lambda _: True},
        AUTH_EXAMPLE,
        needed=frozenset({"rules"}),
    ),
    "deprecated": Rule(ANY_FIELD, {"reason": _is_text}, '@deprecated(reason: "use name")'),
}
# Of arguments that the example of the directive has not.
EXAMPLES = {
    "onChange": "@model(onChange: true)",
    "sync": "@model(sync: true)",
    "table": '@model(table: "Todo-abc123-prod")',
    "timestamps": '@model(timestamps: { createdAt: "madeAt", updatedAt: null })',
    "mutations": '@model(mutations: { create: "addTodo", delete: null })',
    "subscriptions": '@model(subscriptions: { onCreate: ["onAddTodo"], level: public })',
    "limit": "a number from 1 to 1000",
}
# Arguments that there were.
GONE = {
    ("model", "owner"): "which is a rule: @auth(rules: [{ allow: owner }]) beside it, with "
    'ownerField: "..." where the field is not called owner',
}
DIRECTIVES = tuple(RULES)
# Of arguments of @model that are objects: their names.
PARTS = {
    "queries": {"get", "list", "sync"},
    "mutations": {"create", "update", "delete"},
    "subscriptions": {"onCreate", "onUpdate", "onDelete", "level"},
    "timestamps": {"createdAt", "updatedAt"},
}
# Of subscriptions.
LEVELS = ("off", "public", "on")
