"""publish<Kind><Model> of a model with sync: kept, then announced."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .test_publish import CHANGE, RELAY, context, principal

Resolver = Callable[[str, HandlerName, Json], Evaluation]

# As the test's clock has it: 2026-01-02T03:04:05.678Z.
NOW = 1767323045678
ANNOUNCING = principal(f"{RELAY}:relay")


def test_a_change_is_put_by_the_time_and_its_id(resolver: Resolver) -> None:
    change = {**CHANGE, "note": None, "size": 7, "_was": {"size": 6}}
    evaluation = resolver("journal", HandlerName.REQUEST, context(ANNOUNCING, change))
    assert evaluation.result == {
        "operation": "PutItem",
        "key": {
            "__bucket": {"S": f"ItemsModel#{NOW % 8}"},
            "__at": {"S": f"{NOW}#e"},
        },
        "attributeValues": {
            "id": {"S": "a"},
            "item": {"S": "b"},
            "size": {"N": 7},
            "_was": {"M": {"size": {"N": 6}}},
            "_change": {"M": {"id": {"S": "e"}, "kind": {"S": "CREATE"}, "sequence": {"S": "100"}}},
            "__expires": {"N": NOW // 1000 + 8 * 86400},
        },
    }


@pytest.mark.parametrize("identity", [principal("AROASOMEBODYELSE:relay"), {}, None])
def test_nobody_but_the_relay_puts_anything(resolver: Resolver, identity: Json) -> None:
    evaluation = resolver("journal", HandlerName.REQUEST, context(identity))
    message = "Not Authorized to access publishCreateItemsModel on type Mutation"
    assert (evaluation.result, evaluation.error) == (None, HandlerError(message, "Unauthorized"))


@pytest.mark.parametrize("change", [{**CHANGE, "note": None}, '{"id":"a"}'])
def test_what_was_given_is_announced_and_not_what_was_put(resolver: Resolver, change: Json) -> None:
    put = {**context(ANNOUNCING, change), "result": {"id": "a", "__at": "1"}}
    evaluation = resolver("journal", HandlerName.RESPONSE, put)
    assert evaluation.result == ({"id": "a"} if isinstance(change, str) else change)


@pytest.mark.parametrize(
    ("type_", "message", "told"),
    [
        ("DynamoDB:InternalServerError", "try again", "InternalFailure"),
        ("DynamoDB:AccessDeniedException", "no KMS key", "InternalFailure"),
        ("DynamoDB:ResourceNotFoundException", "no table", "InternalFailure"),
        ("DynamoDB:ProvisionedThroughputExceededException", "slowly", "ThrottlingException"),
        ("DynamoDB:DynamoDbException", "Throughput exceeds the limit", "ThrottlingException"),
        ("DynamoDB:RequestLimitExceeded", "slowly", "ThrottlingException"),
    ],
)
def test_what_is_not_put_is_not_announced_and_tried_again(
    resolver: Resolver, type_: str, message: str, told: str
) -> None:
    failed = {**context(ANNOUNCING), "result": None, "error": {"type": type_, "message": message}}
    evaluation = resolver("journal", HandlerName.RESPONSE, failed)
    assert evaluation.result is None
    assert evaluation.error == HandlerError(f"the journal: {message}", told)
