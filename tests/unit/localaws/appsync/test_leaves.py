"""GraphQL's own leaf types: each kind of JSON value, in a variable, a literal and a result."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync import java
from localaws.appsync.leaves import to_boolean, to_float, to_id, to_int, to_string
from localaws.appsync.places import places_in
from localaws.appsync.ports import AuthMode, Json
from localaws.appsync.scalars import InvalidValue
from localaws.appsync.schema import build_schema
from localaws.appsync.wording import reworded

COERCIONS: dict[str, Callable[[Json], Json]] = {
    "Int": to_int,
    "Float": to_float,
    "Boolean": to_boolean,
    "String": to_string,
    "ID": to_id,
}
# A digit that Python reads as one and Java does not.
SEVEN = "\N{ARABIC-INDIC DIGIT SEVEN}"

TEXT_OF_LONG = {"String": "2147483648", "ID": "2147483648"}
TEXT_OF_BIG = {"String": "9223372036854775808", "ID": "9223372036854775808"}

# What each type makes of a value, in a variable and in what a resolver returned.
TABLE: list[tuple[Json, str, dict[str, Json]]] = [
    (7, "Integer", {"Int": 7, "Float": 7.0, "Boolean": True, "String": "7", "ID": "7"}),
    (0, "Integer", {"Int": 0, "Float": 0.0, "Boolean": False, "String": "0", "ID": "0"}),
    (
        2**31,
        "Long",
        {"Float": 2.0**31, "Boolean": True, "String": "2147483648", "ID": "2147483648"},
    ),
    (
        2**63,
        "BigInteger",
        {"Float": 2.0**63, "Boolean": True, "String": str(2**63), "ID": str(2**63)},
    ),
    (2.0, "Double", {"Int": 2, "Float": 2.0, "Boolean": True, "String": "2.0"}),
    (2.5, "Double", {"Float": 2.5, "Boolean": True, "String": "2.5"}),
    (4281389400.5, "Double", {"Float": 4281389400.5, "Boolean": True, "String": "4.2813894005E9"}),
    (True, "Boolean", {"Boolean": True, "String": "true"}),
    (False, "Boolean", {"Boolean": False, "String": "false"}),
    ("7", "String", {"Int": 7, "Float": 7.0, "Boolean": False, "String": "7", "ID": "7"}),
    ("7.0", "String", {"Int": 7, "Float": 7.0, "Boolean": False, "String": "7.0", "ID": "7.0"}),
    ("7.5", "String", {"Float": 7.5, "Boolean": False, "String": "7.5", "ID": "7.5"}),
    ("1e999", "String", {"Boolean": False, "String": "1e999", "ID": "1e999"}),
    ("Infinity", "String", {"Boolean": False, "String": "Infinity", "ID": "Infinity"}),
    ("1_0", "String", {"Boolean": False, "String": "1_0", "ID": "1_0"}),
    (" 7", "String", {"Boolean": False, "String": " 7", "ID": " 7"}),
    (SEVEN, "String", {"Boolean": False, "String": SEVEN, "ID": SEVEN}),
    ("", "String", {"Boolean": False, "String": "", "ID": ""}),
    ("false", "String", {"Boolean": False, "String": "false", "ID": "false"}),
    ("True", "String", {"Boolean": True, "String": "True", "ID": "True"}),
    ([1, None], "ArrayList", {"String": "[1, null]"}),
    ({"a": {"b": "c"}, "d": []}, "LinkedHashMap", {"String": "{a={b=c}, d=[]}"}),
]


@pytest.mark.parametrize(
    ("value", "java_type", "taken"), TABLE, ids=[repr(row[0]) for row in TABLE]
)
def test_each_type_takes_a_value_or_names_the_type_that_it_found(
    value: Json, java_type: str, taken: dict[str, Json]
) -> None:
    for name, coerce in COERCIONS.items():
        if name in taken:
            assert coerce(value) == taken[name]
            assert type(coerce(value)) is type(taken[name])
            continue
        with pytest.raises(InvalidValue) as refused:
            coerce(value)
        assert str(refused.value) == f"Expected type '{name}' but was '{java_type}'."


SCHEMA = build_schema(
    "type Query { a(Int: Int, Float: Float, Boolean: Boolean, String: String, ID: ID, "
    "AWSJSON: AWSJSON, AWSTimestamp: AWSTimestamp, AWSDate: AWSDate): Int }",
    AuthMode.API_KEY,
    only_mode=True,
).executable

# Literals are read strictly: which types take one.
LITERALS: list[tuple[str, str, set[str]]] = [
    ("7", "IntValue{value=7}", {"Int", "Float", "ID", "AWSTimestamp"}),
    ("99999999999", "IntValue{value=99999999999}", {"Float", "ID", "AWSTimestamp"}),
    ("7.0", "FloatValue{value=7.0}", {"Float"}),
    ("1e999", "FloatValue{value=1e999}", set()),
    ('"7"', "StringValue{value='7'}", {"String", "ID", "AWSJSON"}),
    ('"2026-01-02"', "StringValue{value='2026-01-02'}", {"String", "ID", "AWSDate"}),
    ("false", "BooleanValue{value=false}", {"Boolean"}),
    ("NO", "EnumValue{name='NO'}", set()),
    ("[]", "ArrayValue{values=[]}", set()),
    ("{}", "ObjectValue{objectFields=[]}", set()),
    ("9" * 5000, f"IntValue{{value={'9' * 5000}}}", {"ID"}),
]


@pytest.mark.parametrize(
    ("literal", "written", "types"), LITERALS, ids=[row[1][:30] for row in LITERALS]
)
def test_each_type_takes_a_literal_or_names_it(literal: str, written: str, types: set[str]) -> None:
    for name in (*COERCIONS, "AWSJSON", "AWSTimestamp", "AWSDate"):
        document = parse(f"{{ a({name}: {literal}) }}")
        found = [
            reworded(error, places_in(document)).message for error in validate(SCHEMA, document)
        ]
        expected = (
            []
            if name in types
            else [
                "Validation error of type WrongType: "
                f"argument '{name}' with value '{written}' is not a valid '{name}' @ 'a'"
            ]
        )
        assert found == expected, name


NUMBERS = st.integers() | st.floats() | st.text("0123456789.eE+-", max_size=30)


@given(NUMBERS)
def test_a_number_is_taken_whole_and_finite_or_refused(value: Json) -> None:
    for coerce in (to_int, to_float):
        try:
            number = coerce(value)
        except InvalidValue:
            continue
        assert math.isfinite(number)
        assert number == pytest.approx(float(value))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (-1.25e-9, "-1.25E-9"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_a_double_is_printed_as_java_does(number: float, text: str) -> None:
    assert java.text(number) == text
