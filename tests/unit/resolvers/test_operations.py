"""What stands around operations of the user's own, and what they are written with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from antipode_tools.project.config import project_root
from antipode_tools.schema.resolvers import SHARED, with_helpers
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown

Resolver = Callable[[str, HandlerName, Json], Evaluation]

MODELS = {
    "Card,getCard": {
        "key": ["id"],
        "makesId": True,
        "defaults": {"column": "do"},
        "indexes": {"cardsByColumn": ["byColumn", "boardId", "column", "position"]},
        "times": ["madeAt", "updatedAt"],
    },
    "-": {"Mutation.pay": "billing:pay", "Query.find": "Card:read", "Subscription.on": "Card:read"},
}
ENVIRONMENT = {
    "REGION": "eu-west-1",
    "MODELS_1": ";" + ";".join(f"{head}={json.dumps(its)}" for head, its in MODELS.items()),
}


def context(path: str, scope: str | None = None, **more: Json) -> Json:
    parent, _, field = path.partition(".")
    identity = None if scope is None else {"resolverContext": {"sub": "ada", "scope": scope}}
    return {
        "arguments": {},
        "env": ENVIRONMENT,
        "identity": identity,
        "info": {"fieldName": field, "parentTypeName": parent},
        "stash": {},
        **more,
    }


def is_refused(evaluation: Evaluation) -> bool:
    error = evaluation.error
    return isinstance(error, HandlerError) and error.type == "Unauthorized"


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("Mutation.pay", "billing:pay"),
        ("Mutation.pay", "Card:read items:pay"),
        ("Query.find", "Card:read"),
        ("Query.find", "items:read items:write"),
        ("Card.late", "Card:read"),
        ("Mutation.undeclared", None),
    ],
)
def test_who_may_call_an_operation_comes_to_its_steps(
    resolver: Resolver, path: str, scope: str | None
) -> None:
    evaluation = resolver("operation", HandlerName.REQUEST, context(path, scope))
    assert (evaluation.error, evaluation.result) == (None, {})


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("Mutation.pay", "items:read items:write Card:write"),
        ("Mutation.pay", ""),
        ("Mutation.pay", "billing:pays"),
        ("Query.find", "Card:write"),
        ("Mutation.undeclared", "items:read items:write"),
        ("Query.pay", "billing:pay"),
    ],
)
def test_nobody_else_does(resolver: Resolver, path: str, scope: str) -> None:
    assert is_refused(resolver("operation", HandlerName.REQUEST, context(path, scope)))


def test_where_no_operation_has_a_scope_none_opens_any(resolver: Resolver) -> None:
    asked = context("Mutation.pay", "items:write", env={"MODELS_1": ';A,getA={"key":["id"]}'})
    assert is_refused(resolver("operation", HandlerName.REQUEST, asked))


def test_the_last_steps_result_is_the_operations(resolver: Resolver) -> None:
    asked = context("Query.find", prev={"result": [1, 2]})
    assert resolver("operation", HandlerName.RESPONSE, asked).result == [1, 2]


def test_a_function_gets_amplifys_event(resolver: Resolver) -> None:
    told = {
        "arguments": {"at": "noon"},
        "source": {"id": "a"},
        "request": {"headers": {"host": "h"}, "domainName": None},
        "prev": {"result": {"step": 1}},
    }
    asked = context("Card.size", "Card:read", **told)
    assert resolver("invoke", HandlerName.REQUEST, asked).result == {
        "operation": "Invoke",
        "payload": {
            "typeName": "Card",
            "fieldName": "size",
            "identity": {"resolverContext": {"sub": "ada", "scope": "Card:read"}},
            **told,
        },
    }


def test_one_that_nobody_waits_for_is_called_as_an_event(resolver: Resolver) -> None:
    request = resolver("invokeLater", HandlerName.REQUEST, context("Mutation.tell")).result
    assert (request["operation"], request["invocationType"]) == ("Invoke", "Event")
    asked = context("Mutation.tell", result=None)
    assert resolver("invokeLater", HandlerName.RESPONSE, asked).result is None


@pytest.mark.parametrize("name", ["invoke", "invokeLater"])
def test_what_a_function_failed_by_is_the_fields_error(resolver: Resolver, name: str) -> None:
    error = {"message": "no", "type": "Lambda:Unhandled"}
    found = resolver(name, HandlerName.RESPONSE, context("Query.now", error=error)).error
    assert isinstance(found, HandlerError)
    assert (found.message, found.type) == ("no", "Lambda:Unhandled")


def test_a_subscriber_hears_of_what_has_the_values_that_are_given(resolver: Resolver) -> None:
    asked = context("Subscription.on", arguments={"station": "a", "by": None})
    heard = resolver("listen", HandlerName.RESPONSE, asked)
    assert heard.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "station", "operator": "eq", "value": "a"}]}]
    }
    all_of_it = resolver("listen", HandlerName.RESPONSE, context("Subscription.on"))
    assert all_of_it.subscription_filter is None


def test_a_scope_opens_a_subscription_or_does_not(resolver: Resolver) -> None:
    def asked(scope: str) -> Evaluation:
        return resolver("listen", HandlerName.REQUEST, context("Subscription.on", scope))

    assert asked("Card:read").error is None
    assert is_refused(asked("Card:write"))


# What users' resolvers are written with, as docs/models.md shows it


@pytest.fixture
def own(runner: CodeRunner) -> Callable[[str], Json]:
    """The request of a resolver that returns an expression of the helpers'."""
    shared = (project_root() / "graphql" / "resolvers" / SHARED).read_text()

    def run(expression: str) -> Json:
        code = f"""\
import {{ util }} from '@aws-appsync/utils';
export function request(ctx) {{ return {expression}; }}
export function response(ctx) {{ return null; }}
// shared.js, by antipode schema: begin
// shared.js, by antipode schema: end
"""
        [text] = with_helpers({"own.js": code}, shared).values()
        evaluation = runner.run(text, HandlerName.REQUEST, context("Mutation.move"))
        assert evaluation.error is None
        return evaluation.result

    return run


def test_an_item_is_written_with_its_stamps_and_composite_keys(own: Callable[[str], Json]) -> None:
    fields = "{ id: 'a', boardId: 'b', position: 2 }"
    request = own(f"createItem(ctx, modelNamed(ctx, 'Card'), {fields})")
    assert shown(request["condition"]) == "attribute_not_exists(id)"
    assert (request["operation"], request["key"]) == ("PutItem", {"id": {"S": "a"}})
    assert request["attributeValues"] == {
        "boardId": {"S": "b"},
        "column": {"S": "do"},
        "position": {"N": 2},
        "column#position": {"S": "do#2"},
        "madeAt": {"S": "2026-01-02T03:04:05.678Z"},
        "updatedAt": {"S": "2026-01-02T03:04:05.678Z"},
        "updatedIn": {"S": "eu-west-1"},
        "version": {"N": 1},
    }


def test_an_item_is_changed_with_its_stamps_on_a_condition(own: Callable[[str], Json]) -> None:
    fields = "{ id: 'a', title: 't' }"
    request = own(f"updateItem(ctx, modelNamed(ctx, 'Card'), {fields}, {{ version: {{ eq: 4 }} }})")
    assert request["operation"] == "UpdateItem"
    assert shown(request["condition"]) == "attribute_exists(id) AND version = 4"
    update = request["update"]
    assert set(update["expressionNames"].values()) == {"title", "updatedAt", "updatedIn", "version"}
    assert update["expression"].endswith(" ADD #version :one")


def test_the_guides_resolver_moves_a_card(runner: CodeRunner) -> None:
    guide = (project_root() / "docs" / "models.md").read_text()
    code = guide.partition("test_operations.py runs -->\n```javascript\n")[2].partition("```")[0]
    shared = (project_root() / "graphql" / "resolvers" / SHARED).read_text()
    [text] = with_helpers({"guide": code}, shared).values()
    asked = context("Mutation.moveCard", arguments={"id": "a", "column": "done", "position": 2})
    request = runner.run(text, HandlerName.REQUEST, asked).result
    assert (request["operation"], request["key"]) == ("UpdateItem", {"id": {"S": "a"}})
    assert set(request["update"]["expressionNames"].values()) == {
        "column",
        "position",
        "column#position",
        "updatedAt",
        "updatedIn",
        "version",
    }


# The example's


@pytest.fixture
def board(runner: CodeRunner) -> Callable[[str, HandlerName, Json], Evaluation]:
    """Runs an operation of examples/board, as `antipode schema` writes it."""
    folder = project_root() / "examples" / "board" / "graphql" / "operations"
    shared = (project_root() / "graphql" / "resolvers" / SHARED).read_text()

    def run(name: str, handler: HandlerName, asked: Json) -> Evaluation:
        path: Path = folder / f"{name}.js"
        [text] = with_helpers({name: path.read_text()}, shared).values()
        return runner.run(text, handler, asked)

    return run


def test_a_transaction_writes_what_has_not_changed_since(board: Resolver) -> None:
    cards = {
        "one": {"id": "a", "boardId": "b", "column": "do", "position": 1, "version": 3},
        "other": {"id": "c", "boardId": "b", "column": "done", "position": 2, "version": 7},
    }
    env = {
        "REGION": "eu-west-1",
        "TABLE_PREFIX": "antipode-",
        "MODELS_1": ';Card,getCard={"key":["id"]}',
    }
    asked = context("Mutation.swapCards", prev={"result": cards}, env=env)
    evaluation = board("Mutation.swapCards.2", HandlerName.REQUEST, asked)
    assert evaluation.error is None
    request = evaluation.result
    assert request["operation"] == "TransactWriteItems"
    assert [
        (each["table"], each["operation"], each["key"]["id"]["S"], shown(each["condition"]))
        for each in request["transactItems"]
    ] == [
        ("antipode-Card", "UpdateItem", "a", "attribute_exists(id) AND version = 3"),
        ("antipode-Card", "UpdateItem", "c", "attribute_exists(id) AND version = 7"),
    ]
    failed = context(
        "Mutation.swapCards", prev={"result": cards}, error={"message": "m", "type": "t"}
    )
    error = board("Mutation.swapCards.2", HandlerName.RESPONSE, failed).error
    assert isinstance(error, HandlerError)
    assert (error.type, error.message) == ("Conflict", "a card has changed meanwhile: try again")


@pytest.mark.parametrize(
    ("due", "answer"), [("2026-01-01", True), ("2026-01-02", False), (None, None)]
)
def test_a_computed_field_goes_by_the_item_above_it(
    board: Resolver, due: str | None, answer: bool | None
) -> None:
    asked = context("Card.isOverdue", source={"id": "a", "due": due})
    assert board("Card.isOverdue", HandlerName.REQUEST, asked).result == {"payload": answer}
