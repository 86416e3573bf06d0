from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .expressions import shown
from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]


def scan(**rest: Json) -> Json:
    return {"operation": "Scan", "limit": 100, "consistentRead": True, **rest}


OF_CUSTOMER = {
    "operation": "Query",
    "query": {
        "expression": "#kaa = :kaa",
        "expressionNames": {"#kaa": "customer"},
        "expressionValues": {":kaa": {"S": "c"}},
    },
    "limit": 100,
    "consistentRead": True,
    "scanIndexForward": True,
}


def context(field: str = "listItemsModel", **arguments: Json) -> Json:
    return {
        "arguments": arguments,
        "env": ENVIRONMENT,
        "info": {"fieldName": field, "parentTypeName": "Query"},
        "stash": {},
    }


def of_board(field: str, source: Json, **arguments: Json) -> Json:
    """A field of a type, which is many items of another model."""
    info = {"fieldName": field, "parentTypeName": "Board"}
    return {**context(field, **arguments), "info": info, "source": source}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"filter": None, "limit": None, "nextToken": None},
        {"filter": {}},
        {"filter": {"item": {}, "or": []}},
    ],
)
def test_without_arguments_a_first_page_is_read(resolver: Resolver, arguments: Json) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(**arguments))

    assert evaluation == Evaluation(result=scan())


def test_a_limit_and_a_token_are_passed_on(resolver: Resolver) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(limit=5, nextToken="t"))

    assert evaluation.result == scan(limit=5, nextToken="t")


def test_a_limit_is_cut_to_the_largest(resolver: Resolver) -> None:
    assert resolver("list", HandlerName.REQUEST, context(limit=5000)).result == scan(limit=1000)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(resolver: Resolver, limit: int) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context(limit=limit))

    message = f"limit is {limit}, and must be at least 1"
    assert evaluation.error == HandlerError(message, "BadRequest")


def test_a_filter_without_values_has_none(resolver: Resolver) -> None:
    filter = {"item": {"attributeExists": False}}

    request = resolver("list", HandlerName.REQUEST, context(filter=filter)).result

    assert request["filter"] == {
        "expression": "attribute_not_exists(#faa)",
        "expressionNames": {"#faa": "item"},
    }


def test_of_a_partition_the_items_are_queried(resolver: Resolver) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context("listOrder", customer="c"))

    assert evaluation == Evaluation(result=OF_CUSTOMER)


def test_a_query_takes_limit_token_filter_and_direction(resolver: Resolver) -> None:
    arguments = {
        "customer": "c",
        "limit": 5000,
        "nextToken": "t",
        "filter": {"note": {"eq": "x"}, "or": None},
        "sortDirection": "DESC",
    }

    evaluation = resolver("list", HandlerName.REQUEST, context("listOrder", **arguments))

    assert evaluation.result == {
        **OF_CUSTOMER,
        "limit": 1000,
        "nextToken": "t",
        "filter": {
            "expression": "#faa = :faa",
            "expressionNames": {"#faa": "note"},
            "expressionValues": {":faa": {"S": "x"}},
        },
        "scanIndexForward": False,
    }


@pytest.mark.parametrize("range", [None, {}, {"eq": None, "lt": None}])
def test_a_sort_key_without_a_condition_is_no_condition(resolver: Resolver, range: Json) -> None:
    given = context("listOrder", customer="c", number=range, sortDirection="ASC")

    assert resolver("list", HandlerName.REQUEST, given) == Evaluation(result=OF_CUSTOMER)


@pytest.mark.parametrize(
    ("range", "expression"),
    [
        ({"eq": 7}, "number = 7"),
        ({"lt": 7, "gt": None}, "number < 7"),
        ({"le": 7}, "number <= 7"),
        ({"gt": 7}, "number > 7"),
        ({"ge": 7}, "number >= 7"),
        ({"between": [1, 3]}, "(number BETWEEN 1 AND 3)"),
        ({"beginsWith": "2026-"}, "begins_with(number, '2026-')"),
    ],
)
def test_a_sort_key_bounds_the_query(resolver: Resolver, range: Json, expression: str) -> None:
    given = context("listOrder", customer="c", number=range)

    request = resolver("list", HandlerName.REQUEST, given).result

    assert shown(request["query"]) == f"customer = 'c' AND {expression}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"customer": "c", "number": {"gt": 1, "lt": 7}},
            "number has gt and lt, and can have only one of them",
        ),
        ({"number": {"eq": 7}}, "number is given without customer, which it needs"),
        (
            {"customer": None, "sortDirection": "ASC"},
            "sortDirection is given without customer, which it needs",
        ),
        (
            {"customer": "c", "filter": {"number": {"gt": 7}}},
            "filter has number, a field of the key: with customer given, use the arguments",
        ),
        (
            {
                "customer": "c",
                "filter": {"or": [{"note": {"eq": "n"}}, {"not": {"customer": {"eq": "d"}}}]},
            },
            "filter has customer, a field of the key: with customer given, use the arguments",
        ),
    ],
)
def test_what_dynamodb_would_refuse_is_refused_in_words(
    resolver: Resolver, arguments: Json, message: str
) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, context("listOrder", **arguments))

    assert evaluation.error == HandlerError(message, "BadRequest")


def test_without_a_partition_a_key_may_be_in_the_filter(resolver: Resolver) -> None:
    # As lazy relations of Amplify's client ask.
    given = context("listOrder", filter={"and": [{"customer": {"eq": "c"}}]})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert (request["operation"], shown(request["filter"])) == ("Scan", "customer = 'c'")


# -- Indexes ------------------------------------------------------------------------------------


def test_an_index_is_queried_by_its_own_key_and_not_consistently(resolver: Resolver) -> None:
    given = context(
        "ordersByState",
        state="PAID",
        createdAt={"beginsWith": "2026-"},
        sortDirection="DESC",
        filter={"customer": {"eq": "c"}, "number": {"gt": 7}},
    )

    request = resolver("list", HandlerName.REQUEST, given).result

    assert {**request, "query": shown(request["query"]), "filter": shown(request["filter"])} == {
        "operation": "Query",
        "index": "byState",
        "query": "state = 'PAID' AND begins_with(createdAt, '2026-')",
        # The table's own key is no part of the index's.
        "filter": "customer = 'c' AND number > 7",
        "limit": 100,
        "scanIndexForward": False,
    }
    for part in ("expressionNames", "expressionValues"):
        assert not request["query"][part].keys() & request["filter"][part]


def test_an_index_may_have_no_sort_key(resolver: Resolver) -> None:
    request = resolver("list", HandlerName.REQUEST, context("ordersByNote", note="n")).result

    assert {**request, "query": shown(request["query"])} == {
        "operation": "Query",
        "index": "byNote",
        "query": "note = 'n'",
        "limit": 100,
        "scanIndexForward": True,
    }


def test_a_filter_by_the_indexs_key_is_refused_in_words(resolver: Resolver) -> None:
    given = context("ordersByState", state="PAID", filter={"createdAt": {"gt": "2026"}})

    evaluation = resolver("list", HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(
        "filter has createdAt, a field of the key: with state given, use the arguments",
        "BadRequest",
    )


# -- Sort keys of several fields ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("range", "expression"),
    [
        (None, None),
        ({"eq": None}, None),
        ({"beginsWith": {}}, None),
        ({"eq": {"topic": "t", "price": 7}}, "topic#price = 't#7'"),
        ({"le": {"topic": "t", "price": 7.5}}, "topic#price <= 't#7.5'"),
        ({"lt": {"topic": "t"}}, "topic#price < 't'"),
        ({"ge": {"topic": "t", "price": None}}, "topic#price >= 't'"),
        ({"gt": {"price": 7, "topic": "t"}}, "topic#price > 't#7'"),
        ({"beginsWith": {"topic": "t"}}, "begins_with(topic#price, 't')"),
        (
            {"between": [{"topic": "t"}, {"topic": "t", "price": 9}]},
            "(topic#price BETWEEN 't' AND 't#9')",
        ),
    ],
)
def test_a_composite_sort_key_is_one_argument(
    resolver: Resolver, range: Json, expression: str | None
) -> None:
    given = context("messagesByCountry", country="c", topicPrice=range)

    request = resolver("list", HandlerName.REQUEST, given).result

    its = f" AND {expression}" if expression else ""
    assert shown(request["query"]) == f"country = 'c'{its}"


@pytest.mark.parametrize(
    ("range", "message"),
    [
        (
            {"ge": {"price": 7}},
            "topicPrice has price without topic: topic comes first in the key",
        ),
        ({"eq": {"topic": "t"}}, "topicPrice has topic without price: eq needs the whole key"),
        ({"between": [{"topic": "t"}]}, "topicPrice between needs two values"),
        ({"between": [{"topic": "t"}, {}]}, "topicPrice between needs two values"),
        (
            {"ge": {"topic": "t"}, "le": {"topic": "u"}},
            "topicPrice has ge and le, and can have only one of them",
        ),
    ],
)
def test_a_composite_sort_key_with_a_gap_is_refused(
    resolver: Resolver, range: Json, message: str
) -> None:
    given = context("messagesByCountry", country="c", topicPrice=range)

    evaluation = resolver("list", HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(message, "BadRequest")


def test_a_composite_sort_key_needs_its_partition(resolver: Resolver) -> None:
    given = context("listMessage", sentAtSender={"beginsWith": {"sentAt": "2026"}})

    evaluation = resolver("list", HandlerName.REQUEST, given)

    assert evaluation.error == HandlerError(
        "sentAtSender is given without room, which it needs", "BadRequest"
    )


def test_a_part_of_a_composite_sort_key_may_be_in_the_filter(resolver: Resolver) -> None:
    given = context("listMessage", room="r", filter={"sender": {"eq": "ada"}})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert shown(request["filter"]) == "sender = 'ada'"


# -- Relations ----------------------------------------------------------------------------------


def test_a_relation_is_queried_by_the_value_of_the_item(resolver: Resolver) -> None:
    given = of_board("cards", {"id": "b"}, sortDirection="DESC", filter={"done": {"eq": True}})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert {**request, "query": shown(request["query"]), "filter": shown(request["filter"])} == {
        "operation": "Query",
        "index": "byBoard",
        "query": "boardId = 'b'",
        "filter": "done = True",
        "limit": 20,
        "scanIndexForward": False,
    }


def test_a_relation_takes_a_condition_on_its_sort_key_and_a_limit(resolver: Resolver) -> None:
    given = of_board("cards", {"id": "b"}, position={"gt": 5}, limit=3, nextToken="t")

    request = resolver("list", HandlerName.REQUEST, given).result

    assert shown(request["query"]) == "boardId = 'b' AND position > 5"
    assert (request["limit"], request["nextToken"]) == (3, "t")


def test_a_relation_takes_a_condition_on_a_composite_sort_key(resolver: Resolver) -> None:
    between = [{"sentAt": "2026-01"}, {"sentAt": "2026-02", "sender": "ada"}]
    given = of_board("all", {"room": "r"}, sentAtSender={"between": between})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert shown(request["query"]) == (
        "room = 'r' AND (sentAt#sender BETWEEN '2026-01' AND '2026-02#ada')"
    )
    assert request["limit"] == 1000


def test_a_relation_by_the_first_fields_of_a_key_reads_the_table_consistently(
    resolver: Resolver,
) -> None:
    given = of_board("messages", {"room": "r", "day": "2026-01"})

    request = resolver("list", HandlerName.REQUEST, given).result

    assert {**request, "query": shown(request["query"])} == {
        "operation": "Query",
        "query": "room = 'r' AND begins_with(sentAt#sender, '2026-01#')",
        "limit": 100,
        "consistentRead": True,
        "scanIndexForward": True,
    }


@pytest.mark.parametrize("source", [{"room": "r", "day": None}, {"day": "d"}, {}])
def test_a_relation_without_a_value_is_empty_and_reads_nothing(
    resolver: Resolver, source: Json
) -> None:
    evaluation = resolver("list", HandlerName.REQUEST, of_board("messages", source))

    assert evaluation == Evaluation(result={"items": [], "nextToken": None}, early_return=True)


# -- Answers ------------------------------------------------------------------------------------


def test_a_page_is_returned(resolver: Resolver) -> None:
    page = {"items": [{"id": "a"}], "nextToken": "t", "scannedCount": 7}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(), "result": page})

    assert evaluation.result == {"items": [{"id": "a"}], "nextToken": "t"}


def test_an_error_is_passed_on(resolver: Resolver) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": "no"}

    for arguments in ({}, {"nextToken": "t"}):
        given = {**context(**arguments), "error": failed}
        evaluation = resolver("list", HandlerName.RESPONSE, given)
        assert evaluation.error == HandlerError("no", "DynamoDB:DynamoDbException")


@pytest.mark.parametrize(
    "message",
    [
        "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: "
        "Invalid pagination token given.",
        "The provided starting key is invalid: The provided key element does not match the schema",
        "The provided starting key is outside query boundaries based on provided conditions",
        "Exclusive Start Key must have same size as table's key schema",
    ],
)
def test_a_token_of_another_list_is_refused_in_words(resolver: Resolver, message: str) -> None:
    failed = {"type": "DynamoDB:DynamoDbException", "message": message}

    evaluation = resolver("list", HandlerName.RESPONSE, {**context(nextToken="t"), "error": failed})

    assert evaluation.error == HandlerError(
        "nextToken is of another list: ask for the first page, without it", "BadRequest"
    )
