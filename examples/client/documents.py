"""The documents that a copy asks with: gql's requests, with their variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gql import GraphQLRequest

from examples.client.mirror import Ask, Key, Query

_CHANGE = "_change { kind sequence region }"


def page(query: Query, ask: Ask) -> GraphQLRequest:
    """A page of the list, or of what was missed."""
    token = ("nextToken", "String", ask.next_token)
    if ask.what == "sync":
        given = [("lastSync", "String", ask.last_sync), token]
        fields = f"items {{ {query.fields} {_CHANGE} }} nextToken startedAt"
        return _request("query", given, f"{query.sync}{_passed(given)} {{ {fields} }}")
    given = [*_filter(query, "Model"), token]
    fields = f"items {{ {query.fields} }} nextToken"
    return _request("query", given, f"{query.list}{_passed(given)} {{ {fields} }}")


def get(query: Query, keys: Sequence[Key]) -> GraphQLRequest:
    """Several items at once, by their keys, whose fields are ids."""
    given, fields = [], []
    for number, key in enumerate(keys):
        values = zip(query.key, key if isinstance(key, tuple) else (key,), strict=True)
        own = [(name, f"{name}{number}", value) for name, value in values]
        given += [(variable, "ID!", value) for _, variable, value in own]
        passed = ", ".join(f"{name}: ${variable}" for name, variable, _ in own)
        fields.append(f"item{number}: get{query.model}({passed}) {{ {query.fields} }}")
    return _request("query", given, " ".join(fields))


def hear(query: Query, field: str) -> GraphQLRequest:
    """One of the subscriptions."""
    given = _filter(query, "ModelSubscription")
    fields = f"{query.fields} {_CHANGE}"
    return _request("subscription", given, f"{field}{_passed(given)} {{ {fields} }}")


_Given = list[tuple[str, str, Any]]


def _filter(query: Query, prefix: str) -> _Given:
    filter = {name: {"eq": value} for name, value in query.asked.items()}
    return [("filter", f"{prefix}{query.model}FilterInput", filter)] if filter else []


def _passed(given: _Given) -> str:
    return f"({', '.join(f'{name}: ${name}' for name, _, _ in given)})" if given else ""


def _request(kind: str, given: _Given, fields: str) -> GraphQLRequest:
    declared = ", ".join(f"${name}: {type_}" for name, type_, _ in given)
    document = f"{kind}{f' ({declared})' if declared else ''} {{ {fields} }}"
    return GraphQLRequest(document, variable_values={name: value for name, _, value in given})
