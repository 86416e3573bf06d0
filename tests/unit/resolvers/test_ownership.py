"""Models with owners: whose an item is, and that nobody else reads, changes or hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.filters import enhanced_filter
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json
from tests.examples import percent

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

REQUEST, RESPONSE = HandlerName.REQUEST, HandlerName.RESPONSE
UNMET = "DynamoDB:ConditionalCheckFailedException"
ADA = {"sub": "ada"}

IAM = {"cognitoIdentityId": None, "username": "AROA1:ada", "userArn": "arn:aws:sts::1:a/b/ada"}
# What each mode tells of a caller, and the owner that this makes.
CALLERS = {
    "user pool": ({"sub": "u-1", "username": "ada", "claims": {}}, "u-1"),
    "issuer": ({"sub": "auth0|1", "issuer": "https://example.com/", "claims": {}}, "auth0|1"),
    "authorizer": ({"resolverContext": {"sub": "ada", "scope": "Note:read Note:write"}}, "ada"),
    "role or user": (IAM, "AROA1:ada"),
    # All users of an identity pool share a role and its session's name.
    "identity pool": ({**IAM, "cognitoIdentityId": "eu-west-1:7"}, "eu-west-1:7"),
}
NOBODY: list[Json] = [
    None,
    {},
    {"sub": ""},
    {"resolverContext": {}},
    {"resolverContext": None},
    {"resolverContext": {"sub": ""}},
    {"username": ""},
]
# Each operation on a model with owners, and the handler that asks who calls.
ASKING = [
    ("create", REQUEST),
    ("get", RESPONSE),
    ("list", REQUEST),
    ("update", REQUEST),
    ("delete", REQUEST),
    ("subscribe", RESPONSE),
]


def context(field: str, identity: Json, result: Json = None, **arguments: Json) -> Json:
    return {
        "arguments": arguments,
        "env": ENVIRONMENT,
        "identity": identity,
        "info": {"fieldName": field, "parentTypeName": "Query"},
        "result": result,
        "stash": {},
    }


def asked(operation: str, identity: Json) -> Json:
    field = "onCreateNote" if operation == "subscribe" else f"{operation}Note"
    arguments = {} if operation in ("list", "subscribe") else {"input": {"id": "a"}, "id": "a"}
    return context(field, identity, {"id": "a", "writer": "ada"}, **arguments)


@pytest.mark.parametrize(("identity", "owner"), CALLERS.values(), ids=CALLERS)
def test_a_new_item_is_its_creators_in_every_mode(
    resolver: Resolver, identity: Json, owner: str
) -> None:
    created = context("createNote", identity, input={"id": "a", "text": "b"})

    attributes = resolver("create", REQUEST, created).result["attributeValues"]

    assert attributes["writer"] == {"S": owner}
    assert set(attributes) == {"text", "writer", "createdAt", "updatedAt", "version", "updatedIn"}


def test_an_owner_in_the_input_is_not_believed(resolver: Resolver) -> None:
    # The schema has no such input; this would hold even if it had.
    created = context("createNote", ADA, input={"id": "a", "writer": "bob"})

    evaluation = resolver("create", REQUEST, created)

    assert evaluation.result["attributeValues"]["writer"] == {"S": "ada"}


@pytest.mark.parametrize("identity", NOBODY)
@pytest.mark.parametrize(("operation", "handler"), ASKING)
def test_an_anonymous_caller_can_do_nothing(
    resolver: Resolver, operation: str, handler: HandlerName, identity: Json
) -> None:
    its = asked(operation, identity)
    evaluation = resolver(operation, handler, its)

    message = f"Not Authorized to access {its['info']['fieldName']} on type Query"
    assert evaluation.error == HandlerError(message, "Unauthorized")
    assert (evaluation.result, evaluation.subscription_filter) == (None, None)


@pytest.mark.parametrize("operation", ["create", "get", "list", "update", "delete"])
def test_a_model_without_owners_checks_no_owner(resolver: Resolver, operation: str) -> None:
    its = asked(operation, None)
    its |= {"info": {"fieldName": f"{operation}ItemsModel", "parentTypeName": "Query"}}

    evaluations = [resolver(operation, REQUEST, its)]
    if operation == "get":
        evaluations.append(resolver(operation, RESPONSE, its))

    assert [evaluation.error for evaluation in evaluations] == [None] * len(evaluations)


@pytest.mark.parametrize(
    ("item", "read"),
    [
        ({"id": "a", "writer": "ada"}, True),
        ({"id": "a", "writer": "bob"}, False),
        ({"id": "a", "writer": None}, False),
        ({"id": "a"}, False),
        (None, False),
    ],
)
def test_an_item_is_read_by_its_owner_alone(resolver: Resolver, item: Json, read: bool) -> None:
    evaluation = resolver("get", RESPONSE, context("getNote", ADA, item, id="a"))

    assert evaluation == Evaluation(result=item if read else None)


def test_a_list_has_own_items_alone(resolver: Resolver) -> None:
    request = resolver("list", REQUEST, context("listNote", ADA)).result

    assert shown(request["filter"]) == "writer = 'ada'"


@pytest.mark.parametrize(
    ("filter", "expression"),
    [
        ({"writer": {"ne": "ada"}}, "writer <> 'ada'"),
        (
            {"or": [{"writer": {"eq": "bob"}}, {"text": {"eq": "b"}}]},
            "(writer = 'bob' OR text = 'b')",
        ),
        ({"not": {"writer": {"eq": "ada"}}}, "NOT (writer = 'ada')"),
    ],
)
def test_no_filter_reaches_the_items_of_others(
    resolver: Resolver, filter: Json, expression: str
) -> None:
    request = resolver("list", REQUEST, context("listNote", ADA, filter=filter)).result

    assert shown(request["filter"]) == f"writer = 'ada' AND {expression}"


def test_an_empty_filter_asks_for_own_items(resolver: Resolver) -> None:
    request = resolver("list", REQUEST, context("listNote", ADA, filter={"text": {}})).result

    assert shown(request["filter"]) == "writer = 'ada'"


def test_one_partition_is_asked_for_own_items_too(resolver: Resolver) -> None:
    request = resolver("list", REQUEST, context("listStay", ADA, id="a")).result

    assert (request["operation"], shown(request["filter"])) == ("Query", "owner = 'ada'")


def test_an_index_is_asked_for_own_items_too(resolver: Resolver) -> None:
    its = context("notesByText", ADA, text="b", filter={"writer": {"ne": "ada"}})
    request = resolver("list", REQUEST, its).result

    assert (request["index"], shown(request["filter"])) == (
        "byText",
        "writer = 'ada' AND writer <> 'ada'",
    )


@pytest.mark.parametrize("arguments", [{}, {"writer": "bob"}])
def test_in_an_index_by_owner_the_partition_is_the_callers(
    resolver: Resolver, arguments: Json
) -> None:
    # The schema has no such argument; this would hold even if it had.
    its = context("notesByWriter", ADA, createdAt={"gt": "2026"}, **arguments)

    request = resolver("list", REQUEST, its).result

    assert (request["index"], shown(request["query"])) == (
        "byWriter",
        "writer = 'ada' AND createdAt > '2026'",
    )
    assert "filter" not in request


@pytest.mark.parametrize(("who", "read"), [("ada", True), ("bob", False), (None, False)])
def test_a_relation_by_owner_reads_the_callers_items_alone(
    resolver: Resolver, who: str | None, read: bool
) -> None:
    its = context("notes", ADA) | {"source": {"id": "b", "who": who}}
    its["info"]["parentTypeName"] = "Board"

    evaluation = resolver("list", REQUEST, its)

    assert evaluation.early_return is not read
    if read:
        assert shown(evaluation.result["query"]) == "writer = 'ada'"
    else:
        assert evaluation.result == {"items": [], "nextToken": None}


@pytest.mark.parametrize(("writer", "read"), [("ada", True), ("bob", False), (None, False)])
def test_a_related_item_is_read_by_its_owner_alone(
    resolver: Resolver, writer: str | None, read: bool
) -> None:
    item = {"id": "n", "writer": writer}
    its = context("note", ADA, item) | {"source": {"id": "c", "noteId": "n"}}
    its["info"]["parentTypeName"] = "Card"

    assert resolver("related", RESPONSE, its) == Evaluation(result=item if read else None)


@pytest.mark.parametrize("identity", NOBODY)
@pytest.mark.parametrize("field", ["notesByWriter", "notesByText"])
def test_an_anonymous_caller_reads_no_index(resolver: Resolver, field: str, identity: Json) -> None:
    evaluation = resolver("list", REQUEST, context(field, identity, text="b", writer="ada"))

    message = f"Not Authorized to access {field} on type Query"
    assert evaluation == Evaluation(error=HandlerError(message, "Unauthorized"))


def test_a_filter_by_owner_in_an_index_by_owner_is_refused(resolver: Resolver) -> None:
    its = context("notesByWriter", ADA, filter={"or": [{"writer": {"eq": "bob"}}]})

    assert resolver("list", REQUEST, its).error == HandlerError(
        "filter has writer, a field of the key: leave it out: the list holds nothing but your "
        "own items",
        "BadRequest",
    )


def test_an_update_and_a_deletion_hold_for_own_items_alone(resolver: Resolver) -> None:
    arguments = {"input": {"id": "a"}, "condition": {"or": [{"writer": {"eq": "bob"}}, {"a": {}}]}}

    update = resolver("update", REQUEST, context("updateNote", ADA, **arguments)).result
    delete = resolver("delete", REQUEST, context("deleteNote", ADA, **arguments)).result

    assert shown(update["condition"]) == (
        "attribute_exists(id) AND writer = 'ada' AND writer = 'bob'"
    )
    assert shown(delete["condition"]) == "writer = 'ada' AND writer = 'bob'"


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_an_item_of_another_owner_looks_like_one_that_does_not_exist(
    resolver: Resolver, operation: str
) -> None:
    its = context(f"{operation}Note", ADA, {"id": "a", "text": "secret"}, input={"id": "a"})

    failed = {"type": UNMET, "message": "The conditional request failed"}
    evaluation = resolver(operation, RESPONSE, its | {"error": failed})

    assert evaluation.error == HandlerError("there is no item with id a", UNMET)
    assert evaluation.result is None


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete", "Change"])
def test_a_subscriber_hears_of_own_items_alone(resolver: Resolver, kind: str) -> None:
    field = f"on{kind}Note"
    arguments = {"id": "a", "starred": True, "priority": 3}

    request = resolver("subscribe", REQUEST, context(field, ADA))
    response = resolver("subscribe", RESPONSE, context(field, ADA, **arguments))

    assert request == Evaluation(result={"payload": None})
    assert (response.result, response.error) == (None, None)
    hears = enhanced_filter(response.subscription_filter).matches
    own = {"writer": "ada", **arguments}
    assert hears(own)
    for other in ({"writer": "bob"}, {"writer": None}, {"id": "b"}, {"starred": False}):
        assert not hears({**own, **other})
    assert not hears(arguments)


@given(
    arguments=st.dictionaries(
        st.sampled_from(["id", "text", "starred", "updatedIn", "writer"]),
        st.one_of(st.text(max_size=9), st.booleans(), st.integers(-9, 9), st.just("bob")),
        max_size=4,
    ),
    owner=st.one_of(st.none(), st.text(), st.booleans(), st.integers()),
)
@settings(
    max_examples=percent(60),
    # The fixture holds no state: it runs a file.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_arguments_widen_what_a_subscriber_hears(
    resolver: Resolver, arguments: Json, owner: Json
) -> None:
    its = context("onCreateNote", {"sub": "ada"}, **arguments)

    evaluation = resolver("subscribe", RESPONSE, its)

    hears = enhanced_filter(evaluation.subscription_filter).matches
    assert hears({**arguments, "writer": owner}) is (owner == "ada")
    others = {name: value for name, value in arguments.items() if name != "writer"}
    assert not others or not hears({"writer": "ada"})


def test_an_argument_of_null_asks_for_nothing_and_widens_nothing(resolver: Resolver) -> None:
    its = context("onCreateNote", ADA, text=None, starred=True, writer=None)

    evaluation = resolver("subscribe", RESPONSE, its)

    hears = enhanced_filter(evaluation.subscription_filter).matches
    assert hears({"writer": "ada", "starred": True, "text": "a"})
    assert not hears({"writer": "bob", "starred": True, "text": "a"})
    assert not hears({"writer": "ada", "starred": False, "text": "a"})


@pytest.mark.parametrize("kind", ["Update", "Change"])
def test_whoever_an_item_is_taken_from_hears_nothing_of_it(resolver: Resolver, kind: str) -> None:
    its = context(f"on{kind}Note", ADA, text="old", starred=True)

    evaluation = resolver("subscribe", RESPONSE, its)

    hears = enhanced_filter(evaluation.subscription_filter).matches
    was = {"text": "old", "starred": True, "writer": "ada"}
    new = {"text": "new", "starred": True, "_was": was}
    assert hears({**new, "writer": "ada"})
    assert not hears({**new, "writer": "bob"})
    assert not hears({**new, "text": "old", "writer": "bob"})


def test_with_no_argument_an_owner_hears_of_what_is_theirs_now(resolver: Resolver) -> None:
    evaluation = resolver("subscribe", RESPONSE, context("onUpdateNote", ADA))

    assert evaluation.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "writer", "operator": "eq", "value": "ada"}]}]
    }
