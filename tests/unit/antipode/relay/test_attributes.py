"""Attribute values to JSON text."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest
from antipode.relay.attributes import Shape, encode, encode_fields, join
from antipode.relay.errors import MalformedRecordError
from boto3.dynamodb.types import DYNAMODB_CONTEXT, Binary, TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(st.characters(codec="utf-8"))


def numbers() -> st.SearchStrategy[str]:
    """Numbers as DynamoDB writes them: 38 digits, from 1E-130 to 9.99E+125."""
    digits = st.integers(-(10**38) + 1, 10**38 - 1)
    exponents = st.integers(-120, 80)
    return st.builds(
        lambda digits, exponent: str(Decimal(digits).scaleb(exponent, DYNAMODB_CONTEXT)),
        digits,
        exponents,
    )


scalars = st.one_of(
    texts.map(lambda text: {"S": text}),
    numbers().map(lambda number: {"N": number}),
    st.binary().map(lambda data: {"B": data}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.lists(texts, min_size=1, unique=True).map(lambda members: {"SS": members}),
    st.lists(numbers(), min_size=1, unique_by=Decimal).map(lambda members: {"NS": members}),
    st.lists(st.binary(), min_size=1, unique=True).map(lambda members: {"BS": members}),
)
attribute_values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    scalars,
    lambda values: st.one_of(
        st.lists(values).map(lambda members: {"L": members}),
        st.dictionaries(texts, values).map(lambda members: {"M": members}),
    ),
    max_leaves=8,
)


def as_in_an_event(value: Any) -> Any:
    """Binary is base64 in an event, and bytes for boto3."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case list():
            return [as_in_an_event(member) for member in value]
        case dict():
            return {name: as_in_an_event(member) for name, member in value.items()}
        case _:
            return value


def comparable(value: Any) -> Any:
    """What boto3 makes of a value, with sets as lists in some order and binary as base64."""
    match value:
        case set():
            return sorted((comparable(member) for member in value), key=repr)
        case list():
            return [comparable(member) for member in value]
        case dict():
            return {name: comparable(member) for name, member in value.items()}
        case Binary():
            return base64.b64encode(value.value).decode()  # type: ignore[attr-defined] # not in the stubs
        case _:
            return value


def parsed(text: str, *, was: dict[str, Any]) -> Any:
    """JSON text as exact numbers; sets in the order that `comparable` gives them."""

    def ordered(value: Any, was: dict[str, Any]) -> Any:
        [(tag, content)] = was.items()
        match tag:
            case "SS" | "NS" | "BS":
                return sorted(value, key=repr)
            case "L":
                return [ordered(*pair) for pair in zip(value, content, strict=True)]
            case "M":
                return {name: ordered(value[name], content[name]) for name in content}
            case _:
                return value

    return ordered(json.loads(text, parse_int=Decimal, parse_float=Decimal), was)


@given(attribute_values)
def test_every_attribute_value_says_what_boto3_reads_in_it(value: Any) -> None:
    text = encode(as_in_an_event(value))
    assert parsed(text, was=value) == comparable(TypeDeserializer().deserialize(value))


@given(numbers())
def test_a_number_keeps_each_of_its_digits(number: str) -> None:
    assert encode({"N": number}) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"S": 'a "quoted" Ørsted\n'}, '"a \\"quoted\\" Ørsted\\n"'),
        ({"N": "12345678901234567890123456789012345678"}, "12345678901234567890123456789012345678"),
        ({"N": "-1.5E-100"}, "-1.5E-100"),
        ({"B": "3q2+7w=="}, '"3q2+7w=="'),
        ({"BOOL": True}, "true"),
        ({"BOOL": False}, "false"),
        ({"NULL": True}, "null"),
        ({"SS": ["b", "a"]}, '["b","a"]'),
        ({"NS": ["1", "2.5"]}, "[1,2.5]"),
        ({"BS": ["3q2+7w=="]}, '["3q2+7w=="]'),
        ({"L": [{"S": "a"}, {"L": []}]}, '["a",[]]'),
        ({"M": {'not a "name"': {"N": "1"}}}, '{"not a \\"name\\"":1}'),
    ],
)
def test_each_type_has_its_text(value: object, text: str) -> None:
    assert encode(value) == text


def test_an_object_has_the_fields_of_its_shape_and_no_others() -> None:
    value = {"M": {"sku": {"S": "A1"}, "secret": {"S": "x"}}}
    assert encode(value, {"sku": "ID", "amount": "Int"}) == '{"sku":"A1","amount":null}'


def test_the_shape_of_a_list_is_that_of_each_member() -> None:
    value = {"L": [{"M": {"sku": {"S": "A1"}, "note": {"S": "x"}}}, {"NULL": True}]}
    assert encode(value, {"sku": "ID"}) == '[{"sku":"A1"},null]'


def test_what_is_no_object_in_spite_of_its_shape_is_written_as_it_is() -> None:
    assert encode({"S": "a"}, {"sku": "ID"}) == '"a"'


def test_an_image_has_the_fields_of_the_schema_in_their_order() -> None:
    fields: dict[str, Shape] = {"id": "ID", "item": "String"}
    texts = encode_fields({"no-graphql-name": {"S": "x"}, "id": {"S": "a"}}, fields)
    assert join(texts) == '{"id":"a","item":null}'


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("text", "an attribute value is not an object with one type"),
        ({}, "an attribute value is not an object with one type"),
        ({"S": "a", "N": "1"}, "an attribute value is not an object with one type"),
        ({"X": "a"}, "an attribute value has the unknown type 'X'"),
        ({"S": 1}, "an attribute value of type S or B is not a string"),
        ({"B": None}, "an attribute value of type S or B is not a string"),
        ({"N": 1}, "an attribute value of type N is not a decimal number"),
        ({"N": "one"}, "an attribute value of type N is not a decimal number"),
        ({"N": "Infinity"}, "an attribute value of type N is not a decimal number"),
        ({"N": "1\n"}, "an attribute value of type N is not a decimal number"),
        ({"N": "\uff11"}, "an attribute value of type N is not a decimal number"),
        ({"BOOL": "true"}, "an attribute value of type BOOL is not true or false"),
        ({"SS": "a"}, "an attribute value of a list or set is not a list"),
        ({"NS": ["a"]}, "an attribute value of type N is not a decimal number"),
        ({"L": ["a"]}, "an attribute value is not an object with one type"),
        ({"M": []}, "an attribute value of type M is not an object"),
    ],
)
def test_what_is_no_attribute_value_is_refused(value: object, problem: str) -> None:
    with pytest.raises(MalformedRecordError) as raised:
        encode(value)
    assert str(raised.value) == problem
