"""FilterCriteria, operator by operator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localaws.event_source_mapping.filters import FilterError, matches, parse_pattern

RECORD = {
    "eventName": "MODIFY",
    "dynamodb": {
        "ApproximateCreationDateTime": 1_700_000_000.0,
        "NewImage": {
            "name": {"S": "Anna"},
            "empty": {"S": ""},
            "count": {"N": "42"},
            "tags": {"SS": ["red", "blue"]},
            "nothing": {"NULL": True},
            "address": {"M": {"city": {"S": "Sydney"}}},
        },
    },
}


def of_image(**rules: Any) -> dict[str, Any]:
    return {"dynamodb": {"NewImage": rules}}


MATCHING: dict[str, Any] = {
    "one of several values": {"eventName": ["INSERT", "MODIFY"]},
    "every field": {"eventName": ["MODIFY"], **of_image(name={"S": ["Anna"]})},
    "any of several fields": {"$or": [{"eventName": ["REMOVE"]}, of_image(count={"N": ["42"]})]},
    "the empty string": of_image(empty={"S": [""]}),
    "a boolean": of_image(nothing={"NULL": [True]}),
    "a prefix": of_image(name={"S": [{"prefix": "An"}]}),
    "a suffix": of_image(name={"S": [{"suffix": "na"}]}),
    "another case": of_image(name={"S": [{"equals-ignore-case": "ANNA"}]}),
    "anything but a value": of_image(name={"S": [{"anything-but": "Bert"}]}),
    "anything but some values": of_image(name={"S": [{"anything-but": ["Bert", "Carl"]}]}),
    "one of a set": of_image(tags={"SS": ["blue"]}),
    "a nested field": of_image(address={"M": {"city": {"S": ["Sydney"]}}}),
    "a field that is there": of_image(name={"S": [{"exists": True}]}),
    "a field that is not there": of_image(surname=[{"exists": False}]),
    "no leaf, since only leaves exist": of_image(name=[{"exists": False}]),
    "a time in a range": {
        "dynamodb": {"ApproximateCreationDateTime": [{"numeric": [">", 0, "<=", 1_800_000_000]}]}
    },
}

DIFFERING: dict[str, Any] = {
    "another value": {"eventName": ["INSERT"]},
    "one field of two": {"eventName": ["MODIFY"], **of_image(name={"S": ["Bert"]})},
    "none of several fields": {"$or": [{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}]},
    "a field that is missing": of_image(surname={"S": ["Smith"]}),
    "anything but, of a missing field": of_image(surname={"S": [{"anything-but": "Smith"}]}),
    "a value without its type": of_image(name=["Anna"]),
    "a number's value, which is text": of_image(count={"N": [42]}),
    "a number's range, which is text": of_image(count={"N": [{"numeric": [">", 1]}]}),
    "null, of a boolean": of_image(nothing={"NULL": [None]}),
    "one, of a boolean": of_image(nothing={"NULL": [1]}),
    "a prefix, of a boolean": of_image(nothing={"NULL": [{"prefix": "t"}]}),
    "a range, of a boolean": of_image(nothing={"NULL": [{"numeric": ["=", 1]}]}),
    "a time out of range": {"dynamodb": {"ApproximateCreationDateTime": [{"numeric": ["<", 9]}]}},
    "a leaf that is not there": of_image(surname={"S": [{"exists": True}]}),
    "a field that must not be there": of_image(name={"S": [{"exists": False}]}),
}


@pytest.mark.parametrize("name", MATCHING)
def test_a_pattern_matches(name: str) -> None:
    assert matches(parse_pattern(json.dumps(MATCHING[name])), RECORD)


@pytest.mark.parametrize("name", DIFFERING)
def test_a_pattern_does_not_match(name: str) -> None:
    assert not matches(parse_pattern(json.dumps(DIFFERING[name])), RECORD)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "single-string",
            "a filter pattern is not JSON: Expecting value: line 1 column 1 (char 0)",
        ),
        ("[]", "a filter pattern is [], it must be an object"),
        ("{}", "a filter pattern is {}, it must be an object"),
        ('{"a": "b"}', "the filter rule of 'a' is \"b\", it must be a list"),
        ('{"a": []}', "the filter rule of 'a' is [], it must be a list"),
        ('{"a": {"b": 1}}', "the filter rule of 'b' is 1, it must be a list"),
        ('{"$or": [{"a": 1}]}', "the filter rule of 'a' is 1, it must be a list"),
        (
            '{"a": [{"wildcard": "*"}]}',
            'the filter rule of \'a\' has an unknown alternative: {"wildcard": "*"}',
        ),
    ],
)
def test_a_pattern_that_lambda_refuses_is_refused(text: str, message: str) -> None:
    with pytest.raises(FilterError) as error:
        parse_pattern(text)
    assert str(error.value) == message
