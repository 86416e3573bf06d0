"""What AppSync's answers mean for a change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from antipode.relay.answers import MAX_MESSAGE, PUBLISHED, Answer, AnswerKind, classify
from hypothesis import given
from hypothesis import strategies as st

FIELD = "publishCreateItemsModel"
PERMISSION = f"; the relay's role needs appsync:GraphQL on types/Mutation/fields/{FIELD}"


def answer(status: int, body: Any) -> Answer:
    return classify(status, json.dumps(body).encode(), FIELD)


def failure(status: int, kind: str | None, message: str = "m") -> Answer:
    return answer(status, {"data": None, "errors": [{"errorType": kind, "message": message}]})


def test_an_announced_item_is_published() -> None:
    assert answer(200, {"data": {FIELD: {"id": "Item001"}}}) == PUBLISHED


def test_an_empty_list_of_errors_is_none() -> None:
    assert answer(200, {"data": {FIELD: {"id": "Item001"}}, "errors": []}) == PUBLISHED


def test_a_null_announces_nothing_and_cannot_pass() -> None:
    detail = f"{FIELD} returned null: nothing was announced"
    assert answer(200, {"data": {FIELD: None}}) == Answer(AnswerKind.REJECTED, detail)


def test_an_error_beside_data_is_a_failure() -> None:
    body = {"data": {FIELD: {"id": "a"}}, "errors": [{"errorType": "Code", "message": "m"}]}
    assert answer(200, body) == Answer(AnswerKind.REJECTED, "status 200: Code", "m")


def test_a_document_that_the_schema_refuses_is_retried_since_no_change_is_at_fault() -> None:
    message = "Validation error of type FieldUndefined: Field 'x' in type 'ItemsModel' is undefined"
    assert failure(200, None, message) == Answer(
        AnswerKind.RETRY,
        "status 200: validation error FieldUndefined; the API's schema is not the relay's",
    )


def test_a_value_that_a_variable_cannot_have_cannot_pass() -> None:
    message = "Variable 'change' has an invalid value. Unable to parse it as valid JSON."
    assert failure(200, None, message) == Answer(
        AnswerKind.REJECTED, "status 200: error without a type", message
    )


def test_an_error_without_a_type_cannot_pass() -> None:
    assert failure(200, None) == Answer(
        AnswerKind.REJECTED, "status 200: error without a type", "m"
    )


def test_what_a_resolver_refuses_cannot_pass() -> None:
    assert failure(200, "NotForYou") == Answer(AnswerKind.REJECTED, "status 200: NotForYou", "m")


def test_a_request_that_appsync_cannot_read_cannot_pass() -> None:
    assert failure(400, "MalformedHttpRequestException").kind is AnswerKind.REJECTED


def test_the_words_of_an_error_are_kept_up_to_a_limit() -> None:
    assert failure(200, "Code", "x" * 5_000).message == "x" * MAX_MESSAGE


@pytest.mark.parametrize(
    "kind",
    [
        "InternalFailure",
        "com.amazon.coral.service#InternalFailure",
        "ServiceUnavailableException",
        "ExecutionTimeout",
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_an_error_by_which_the_service_says_try_again_may_pass(status: int, kind: str) -> None:
    detail = f"status {status}: {kind.rpartition('#')[2]}"
    assert failure(status, kind) == Answer(AnswerKind.RETRY, detail)


@pytest.mark.parametrize(
    "kind",
    [
        "ThrottlingException",
        "com.amazon.coral.availability#ThrottlingException",
        "TooManyRequestsException",
        "LimitExceededException",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 429])
def test_an_error_by_which_the_service_says_too_fast_throttles(status: int, kind: str) -> None:
    detail = f"status {status}: {kind.rpartition('#')[2]}"
    assert failure(status, kind) == Answer(AnswerKind.THROTTLED, detail)


@pytest.mark.parametrize("body", [b"", b"<html>Too Many Requests</html>", b'{"data":null}'])
def test_a_429_throttles_whatever_its_body(body: bytes) -> None:
    assert classify(429, body, FIELD) == Answer(AnswerKind.THROTTLED, "status 429")


def test_a_429_throttles_whatever_the_error() -> None:
    assert failure(429, "Strange") == Answer(AnswerKind.THROTTLED, "status 429: Strange")


@pytest.mark.parametrize("status", [404, 408, 500, 502, 503, 504])
def test_a_passing_status_may_pass_whatever_the_error(status: int) -> None:
    assert failure(status, "Strange").kind is AnswerKind.RETRY


def test_one_passing_error_among_several_may_pass() -> None:
    errors = [{"errorType": "Code"}, {"errorType": "InternalFailure"}]
    assert answer(200, {"errors": errors}) == Answer(
        AnswerKind.RETRY, "status 200: Code, InternalFailure"
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, "Unauthorized"),
        (401, "UnauthorizedException"),
        (403, "AccessDeniedException"),
        (400, "UnrecognizedClientException"),
        (403, "com.amazon.coral.service#InvalidSignatureException"),
        (400, "ExpiredTokenException"),
        (403, "Strange"),
    ],
)
def test_unauthorized_names_the_permission_that_is_missing(status: int, kind: str) -> None:
    detail = f"status {status}: {kind.rpartition('#')[2]}{PERMISSION}"
    assert failure(status, kind) == Answer(AnswerKind.UNAUTHORIZED, detail)


def test_a_401_without_a_graphql_body_is_unauthorized() -> None:
    assert classify(401, b"", FIELD) == Answer(AnswerKind.UNAUTHORIZED, f"status 401{PERMISSION}")


@pytest.mark.parametrize("body", [b"<html>403 Forbidden</html>", b'{"message":"Forbidden"}', b""])
def test_a_403_without_a_graphql_body_is_a_web_acl_and_may_pass(body: bytes) -> None:
    detail = "status 403 without a GraphQL error: a web ACL refused"
    assert classify(403, body, FIELD) == Answer(AnswerKind.RETRY, detail)


def test_a_403_that_names_the_web_acl_may_pass() -> None:
    assert failure(403, "WAFForbiddenException") == Answer(
        AnswerKind.RETRY, "status 403: WAFForbiddenException"
    )


def test_a_413_cannot_pass() -> None:
    detail = "status 413: the request is too large"
    assert classify(413, b"<html/>", FIELD) == Answer(AnswerKind.REJECTED, detail)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Please log in</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b'{"data":null}'),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (301, b""),
        (307, b"<html>Moved</html>"),
        (404, b"<html>Not found</html>"),
        (400, b"Bad request"),
        (503, b"<html>Service unavailable</html>"),
    ],
)
def test_what_is_no_answer_of_appsync_may_pass(status: int, body: bytes) -> None:
    assert classify(status, body, FIELD) == Answer(
        AnswerKind.RETRY, f"status {status}, and the body is no answer of AppSync"
    )


@given(
    st.integers(100, 599),
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda values: (
            st.lists(values)
            | st.dictionaries(
                st.sampled_from(["data", "errors", "errorType", "message", FIELD]), values
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_every_answer_means_something(status: int, body: bytes) -> None:
    assert isinstance(classify(status, body, FIELD), Answer)
