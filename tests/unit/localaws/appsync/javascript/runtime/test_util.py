"""The examples of the guide, and what EvaluateCode has been seen to answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, Json

Run = Callable[..., Evaluation]
Value = Callable[..., Json]


def number_of(text: str, alphabet: str) -> int:
    number = 0
    for character in text:
        number = number * len(alphabet) + alphabet.index(character)
    return number


def test_an_id_is_a_random_uuid(value: Value) -> None:
    ids = value("[util.autoId(), util.autoId()]")

    uuid4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(uuid4.fullmatch(id) for id in ids)
    assert ids[0] != ids[1]


def test_a_ulid_begins_with_its_time(value: Value) -> None:
    ulid = value("util.autoUlid()")

    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", ulid)
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert number_of(ulid[:10], alphabet) == 1517943695758


def test_a_ksuid_has_27_characters_and_begins_with_its_time(value: Value) -> None:
    ksuid = value("util.autoKsuid()")

    assert re.fullmatch("[0-9A-Za-z]{27}", ksuid)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    assert (number_of(ksuid, alphabet) >> 128) + 1400000000 == 1517943695


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("hello", "aGVsbG8="),
        ("grüße, 世界", "Z3LDvMOfZSwg5LiW55WM"),
        ("", ""),
    ],
)
def test_base64_is_of_utf8(value: Value, text: str, encoded: str) -> None:
    assert value("util.base64Encode(ctx.args.text)", arguments={"text": text}) == encoded
    assert value("util.base64Decode(ctx.args.text)", arguments={"text": encoded}) == text


def test_urls_are_encoded_as_forms_are(value: Value) -> None:
    text = "a b&c=d/ü~!*'()"
    encoded = "a+b%26c%3Dd%2F%C3%BC%7E%21*%27%28%29"

    assert value("util.urlEncode(ctx.args.text)", arguments={"text": text}) == encoded
    assert value("util.urlDecode(ctx.args.text)", arguments={"text": encoded}) == text


def test_a_script_string_is_escaped(value: Value) -> None:
    escaped = value(
        "util.escapeJavaScript(ctx.args.text)", arguments={"text": 'He said "it\'s"\n/é'}
    )

    assert escaped == 'He said \\"it\\\'s\\"\\n\\/\\u00E9'


def test_an_error_ends_the_handler_with_everything_that_it_was_given(run: Run) -> None:
    evaluation = run(
        "ctx.stash.before = 1; util.error('no', 'Refused', {a: 1}, {b: 2}); ctx.stash.after = 1;"
    )

    assert evaluation.error == HandlerError("no", "Refused", {"a": 1}, {"b": 2})
    assert evaluation.result is None
    assert evaluation.stash == {"before": 1}


def test_an_error_may_have_no_more_than_a_message(run: Run) -> None:
    assert run("util.error('no')").error == HandlerError("no")


def test_appended_errors_do_not_end_the_handler(run: Run) -> None:
    evaluation = run("util.appendError('one', 'A'); util.appendError('two'); return 3;")

    assert evaluation.result == 3
    assert evaluation.error is None
    assert evaluation.appended_errors == (HandlerError("one", "A"), HandlerError("two"))


def test_unauthorized_names_the_field(run: Run) -> None:
    evaluation = run(
        "util.unauthorized()", info={"fieldName": "publish", "parentTypeName": "Mutation"}
    )

    message = "Not Authorized to access publish on type Mutation"
    assert evaluation.error == HandlerError(message, "Unauthorized")


def test_unauthorized_without_a_field_says_only_that(run: Run) -> None:
    assert run("util.unauthorized()").error == HandlerError("Unauthorized", "Unauthorized")


IAM = {
    "accountId": "123456789012",
    "cognitoIdentityPoolId": None,
    "cognitoIdentityId": None,
    "sourceIp": ["192.0.2.1"],
    "username": "AROAEXAMPLE:session",
    "userArn": "arn:aws:sts::123456789012:assumed-role/relay/session",
}
OIDC = {"sub": "s", "issuer": "https://accounts.example.com", "claims": {"sub": "s"}}
USER_POOL = {**OIDC, "username": "u", "sourceIp": ["192.0.2.1"], "defaultAuthStrategy": "ALLOW"}


@pytest.mark.parametrize(
    ("identity", "mode"),
    [
        (None, "API Key Authorization"),
        (IAM, "IAM Authorization"),
        ({**IAM, "userArn": None}, "API Key Authorization"),
        ({**IAM, "sourceIp": None}, "API Key Authorization"),
        (USER_POOL, "User Pool Authorization"),
        ({**USER_POOL, "groups": ["admins"]}, "User Pool Authorization"),
        ({**USER_POOL, "defaultAuthStrategy": None}, "API Key Authorization"),
        (OIDC, "Open ID Connect Authorization"),
        ({**OIDC, "username": "u"}, "API Key Authorization"),
        ({"claims": {}}, "API Key Authorization"),
        ({"resolverContext": {"role": "admin"}}, "Lambda Authorization"),
        ({}, "Lambda Authorization"),
    ],
)
def test_the_mode_is_read_from_the_identity(value: Value, identity: Json, mode: str) -> None:
    assert value("util.authType()", identity=identity) == mode


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a*b", "aaaaab", True),
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "abc1", False),
        ("(?i)^ABC$", "abc", True),
        ("^\\p{Alpha}+[\\p{Digit}_]+$", "abc_1", True),
        ("^\\p{L}+$", "élan", True),
    ],
)
def test_patterns_are_javas(value: Value, pattern: str, text: str, matches: bool) -> None:
    arguments = {"pattern": pattern, "text": text}

    assert value("util.matches(ctx.args.pattern, ctx.args.text)", arguments=arguments) is matches


def test_a_text_is_normalized(value: Value) -> None:
    composed, decomposed = "é", "e\u0301"

    assert value("util.str.normalize(ctx.args.t, 'nfc')", arguments={"t": decomposed}) == composed
    assert value("util.str.normalize(ctx.args.t, 'nfd')", arguments={"t": composed}) == decomposed


def test_numbers_are_rounded_and_compared(value: Value) -> None:
    assert value("[util.math.roundNum(2.5), util.math.minVal(1, 2), util.math.maxVal(1, 2)]") == [
        3,
        1,
        2,
    ]


def test_random_numbers_keep_to_their_range(value: Value) -> None:
    doubles, whole = value(
        "[[1,2,3,4].map(() => util.math.randomDouble()),"
        " [1,2,3,4].map(() => util.math.randomWithinRange(10, 20))]"
    )

    assert all(0 <= number < 1 for number in doubles)
    assert all(number in range(10, 20) for number in whole)
    assert len(set(doubles)) == 4


def test_headers_that_belong_to_a_connection_are_not_copied(value: Value) -> None:
    headers = {"Host": "h", "x-api-key": "k", "Content-Length": "1", "te": "x", "accept": "a"}

    copied = value("util.http.copyHeaders(ctx.request.headers)", request={"headers": headers})

    assert copied == {"x-api-key": "k", "accept": "a"}


def test_response_headers_are_collected_and_the_last_of_a_name_counts(run: Run) -> None:
    evaluation = run(
        "util.http.addResponseHeader('itemsCount', 7); util.http.addResponseHeaders("
        "{itemsCount: 8, text: 't', object: {a: 1}});"
    )

    assert evaluation.response_headers == {"itemsCount": "8", "text": "t", "object": '{"a":1}'}
    assert evaluation.appended_errors == ()


@pytest.mark.parametrize(
    ("name", "header", "reason"),
    [
        ("", "x", "header name is empty"),
        ("X-Amzn-Trace", "x", "header name is restricted: X-Amzn-Trace"),
        ("x-amz-date", "x", "header name is restricted: x-amz-date"),
        ("Content-Type", "x", "header name is restricted: Content-Type"),
        ("connection", "x", "header name is restricted: connection"),
        ("mine", None, "header value is null: mine"),
        ("mine", "x" * 4093, "headers are larger than 4 KB"),
    ],
)
def test_a_restricted_header_is_ignored_and_reported(
    run: Run, name: str, header: Json, reason: str
) -> None:
    evaluation = run(
        "util.http.addResponseHeader(ctx.args.name, ctx.args.header); return 1;",
        arguments={"name": name, "header": header},
    )

    assert evaluation.result == 1
    assert evaluation.response_headers == {}
    assert evaluation.appended_errors == (HandlerError(reason, "ResponseHeaderError"),)


def test_rows_of_a_statement_become_objects(value: Value) -> None:
    result = (
        '{"sqlStatementResults":[{"records":[[{"stringValue":"Mark Twain"},{"longValue":1876},'
        '{"isNull":true}]],"columnMetadata":[{"label":"author"},{"label":"year"},{"name":"n"}]},'
        '{"numberOfRecordsUpdated":1}]}'
    )

    rows = value("util.rds.toJsonObject(ctx.result)", result=result)

    assert rows == [[{"author": "Mark Twain", "year": 1876, "n": None}], [{}]]


def test_arrays_and_null_columns_of_a_database_are_read(value: Value) -> None:
    record = [
        {"arrayValue": {"longValues": [1, 2]}},
        {"arrayValue": {"arrayValues": [{"stringValues": ["a"]}, {"stringValues": []}]}},
        {"isNull": False, "stringValue": "b"},
        {"stringValue": "", "isNull": True},
        {"arrayValue": {}},
    ]
    columns = [{"name": name} for name in ("numbers", "nested", "text", "none", "empty")]
    result = {"sqlStatementResults": [{"records": [record], "columnMetadata": columns}]}

    assert value("util.rds.toJsonObject(ctx.args)", arguments=result) == [
        [{"numbers": [1, 2], "nested": [["a"], []], "text": "b", "none": None, "empty": []}]
    ]
