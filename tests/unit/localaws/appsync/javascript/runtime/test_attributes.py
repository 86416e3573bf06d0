"""What EvaluateCode answers for util.dynamodb."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Json

Value = Callable[..., Json]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('toDynamoDB("test")', {"S": "test"}),
        ("toDynamoDB(12345)", {"N": 12345}),
        ("toDynamoDB(1.5)", {"N": 1.5}),
        ("toDynamoDB(true)", {"BOOL": True}),
        ("toDynamoDB(null)", {"NULL": None}),
        ("toDynamoDB(undefined)", {"NULL": None}),
        ("toDynamoDB([])", {"L": []}),
        ("toDynamoDB({})", {"M": {}}),
        ('toString("test")', {"S": "test"}),
        ('toStringSet(["foo", "bar", "baz"])', {"SS": ["foo", "bar", "baz"]}),
        ("toNumber(12345)", {"N": 12345}),
        ("toNumberSet([1, 23, 4.56])", {"NS": [1, 23, 4.56]}),
        ('toBinary("foo")', {"B": "foo"}),
        ('toBinarySet(["foo", "bar"])', {"BS": ["foo", "bar"]}),
        ("toBoolean(true)", {"BOOL": True}),
        ("toNull()", {"NULL": None}),
        ("toString(null)", None),
        ("toList(null)", None),
        ("toMapValues(null)", None),
        (
            'toList(["foo", 123, {bar: "baz" }])',
            {"L": [{"S": "foo"}, {"N": 123}, {"M": {"bar": {"S": "baz"}}}]},
        ),
        (
            'toMap({ "foo": "bar", "baz": 1234, "beep": ["boop"] })',
            {"M": {"foo": {"S": "bar"}, "baz": {"N": 1234}, "beep": {"L": [{"S": "boop"}]}}},
        ),
        (
            'toMapValues({ "foo": "bar", "baz": 1234, "beep": ["boop"] })',
            {"foo": {"S": "bar"}, "baz": {"N": 1234}, "beep": {"L": [{"S": "boop"}]}},
        ),
        (
            'toS3Object("foo", "bar", "baz")',
            {"S": '{"s3":{"key":"foo","bucket":"bar","region":"baz"}}'},
        ),
        (
            'toS3Object("foo", "bar", "baz", "beep")',
            {"S": '{"s3":{"key":"foo","bucket":"bar","region":"baz","version":"beep"}}'},
        ),
        (
            'fromS3ObjectJson(util.dynamodb.toS3Object("foo", "bar", "baz").S)',
            {"key": "foo", "bucket": "bar", "region": "baz"},
        ),
    ],
)
def test_values_become_attribute_values(value: Value, expression: str, expected: Json) -> None:
    assert value(f"util.dynamodb.{expression}") == expected
