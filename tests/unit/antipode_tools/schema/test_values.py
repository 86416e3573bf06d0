"""@default and @validate: which values fields take, and which they have by themselves."""

from __future__ import annotations

import pytest

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.values import checks_of, defaults_of

SOURCE = "type M @model {{ id: ID!\n{} }} enum E {{ A B }} type T {{ x: ID }}"


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("String", "", ""),
        ("String", "0", "0"),
        ("Int", "-7", -7),
        ("Float", "1.5", 1.5),
        ("Boolean", "true", True),
        ("Boolean", "false", False),
        ("E", "B", "B"),
        ("ID", "none", "none"),
        ("AWSDate", "2020-01-01", "2020-01-01"),
        ("AWSTimestamp", "0", 0),
        ("AWSJSON", "[1]", [1]),
    ],
)
def test_a_default_is_a_value_of_the_fields_type(type_: str, text: str, value: object) -> None:
    [model] = compile_models(SOURCE.format(f'x: {type_}! @default(value: "{text}")')).models
    found = defaults_of(model)["x"]
    assert (type(found), found) == (type(value), value)


def test_what_has_a_default_may_be_left_out_when_it_is_created() -> None:
    schema = compile_models(SOURCE.format('x: Int! @default(value: "0")\ny: Int!')).schema
    assert "input CreateMInput {\n  id: ID\n  x: Int\n  y: Int!\n}\n" in schema


ONLY = "only a single scalar or enum has one"


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ('x: Int @default(value: "one")', "M.x has @default of 'one', which is no Int"),
        (
            'x: Int @default(value: "2147483648")',
            "M.x has @default of '2147483648', which is no Int",
        ),
        ('x: Int @default(value: "1.5")', "M.x has @default of '1.5', which is no Int"),
        ('x: Float @default(value: "")', "M.x has @default of '', which is no Float"),
        ('x: Float @default(value: "nan")', "M.x has @default of 'nan', which is no Float"),
        ('x: Boolean @default(value: "1")', "M.x has @default of '1', which is no Boolean"),
        ('x: AWSJSON @default(value: "{")', "M.x has @default of '{', which is no AWSJSON"),
        ('x: E @default(value: "C")', "M.x has @default of C, and E is A, B"),
        ('x: [Int] @default(value: "1")', f"M.x has @default and is [Int]: {ONLY}"),
        ('x: T @default(value: "1")', f"M.x has @default and is T: {ONLY}"),
        ("x: Int @default(value: 1)", 'M.x has @default without a text: @default(value: "0")'),
        ("x: Int @default", 'M.x has @default without a text: @default(value: "0")'),
        (
            'x: ID! @primaryKey @default(value: "1")',
            "M.x has @default and is in the key, which the creator gives",
        ),
    ],
)
def test_a_default_that_cannot_be_is_refused(field: str, problem: str) -> None:
    assert refused(field) == [f"m:2: {problem}"]


def test_checks_are_kept_in_their_order_with_their_words() -> None:
    field = """x: String
      @validate(type: minLength, value: "3", errorMessage: "too short")
      @validate(type: matches, value: "^[a-z]+$")"""
    [model] = compile_models(
        SOURCE.format(f'{field} y: Float @validate(type: gte, value: "0")')
    ).models
    assert checks_of(model) == {
        "x": [["minLength", "3", "too short"], ["matches", "^[a-z]+$", None]],
        "y": [["gte", "0", None]],
    }


KINDS = "gt, gte, lt, lte, minLength, maxLength, startsWith, endsWith, matches"
EXAMPLE = '@validate(type: minLength, value: "3")'


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            'x: Int @validate(type: isEven, value: "1")',
            f"M.x has @validate of the type isEven: there are {KINDS}",
        ),
        (
            "x: Int @validate(type: gt, value: 1)",
            'M.x has @validate without a text: @validate(type: gt, value: "1")',
        ),
        ('x: Int @validate(value: "1")', f"M.x has @validate without type: {EXAMPLE}"),
        ("x: Int @validate(type: gt)", f"M.x has @validate without value: {EXAMPLE}"),
        (
            'x: String @validate(type: gt, value: "1")',
            "M.x has @validate(gt) and is String: it is for Int or Float",
        ),
        (
            'x: Int @validate(type: minLength, value: "1")',
            "M.x has @validate(minLength) and is Int: it is for String",
        ),
        (
            'x: [String] @validate(type: minLength, value: "1")',
            "M.x has @validate(minLength) and is [String]: it is for String",
        ),
        (
            'x: Int @validate(type: gt, value: "few")',
            "M.x has @validate(gt) of 'few', which is no number",
        ),
        (
            'x: Int @validate(type: gt, value: "inf")',
            "M.x has @validate(gt) of 'inf', which is no number",
        ),
    ],
)
def test_a_check_that_cannot_be_is_refused(field: str, problem: str) -> None:
    assert refused(field) == [f"m:2: {problem}"]


def refused(field: str) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(SOURCE.format(field))
    told = raised.value.diagnostics
    return [each.located("m") for each in told if each.refused]
