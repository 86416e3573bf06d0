"""Where the service's JavaScript differs from the language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, Json

Run = Callable[..., Evaluation]
Value = Callable[..., Json]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a.b.c'.replace('.', '-')", "-.b.c"),
        ("'a1b22c'.replaceAll('[0-9]+', '#')", "a#b#c"),
        ("'a-b'.replaceAll('(\\\\w)-(\\\\w)', '$2-$1')", "b-a"),
        ("'a1b22c'.replace('[0-9]+', '#')", "a#b22c"),
    ],
)
def test_the_pattern_of_a_replacement_is_a_regular_expression(
    value: Value, expression: str, expected: str
) -> None:
    assert value(expression) == expected


def test_invalid_json_is_a_blank_string(value: Value) -> None:
    assert value("[JSON.parse('{'), JSON.parse('{\"a\":1}')]") == ["", {"a": 1}]


def test_random_numbers_come_from_the_seed(value: Value) -> None:
    numbers = value("[Math.random(), Math.random()]")

    assert all(0 <= number < 1 for number in numbers)
    assert numbers == value("[Math.random(), Math.random()]")


MANY = list(range(1500))


def test_a_loop_stops_after_a_thousand_items_and_says_so(run: Run) -> None:
    evaluation = run(
        "let count = 0; for (const item of ctx.args.items) { count += 1; } return count;",
        arguments={"items": MANY},
    )

    assert evaluation.result == 1000
    assert evaluation.logs == ('WARN - code.js: "for...of stopped after 1000 of 1500 items"',)


def test_a_loop_over_keys_stops_after_a_thousand(run: Run) -> None:
    evaluation = run(
        "let count = 0; for (const key in ctx.args) { count += 1; } return count;",
        arguments={str(number): number for number in MANY},
    )

    assert evaluation.result == 1000


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("map((x) => x).length", 1000),
        ("reduce((sum, x) => sum + 1, 0)", 1000),
        ("filter((x) => true).length", 1000),
        ("some((x) => x === 1400)", False),
        ("findIndex((x) => x === 1400)", -1),
    ],
)
def test_methods_that_take_a_function_see_a_thousand_items(
    value: Value, call: str, expected: Json
) -> None:
    assert value(f"ctx.args.items.{call}", arguments={"items": MANY}) == expected


def test_methods_without_a_function_see_all(value: Value) -> None:
    expression = "[ctx.args.items.slice(0, 1200).length, [...ctx.args.items].length]"

    assert value(expression, arguments={"items": MANY}) == [1200, 1500]


def test_a_loop_does_not_visit_what_its_body_adds(run: Run) -> None:
    evaluation = run(
        "const items = [1, 2]; for (const item of items) { items.push(3); } return items;"
    )

    assert evaluation.result == [1, 2, 3, 3]


def test_a_loop_visits_the_characters_of_a_text(run: Run) -> None:
    evaluation = run("let out = ''; for (const c of 'añb') { out = c + out; } return out;")

    assert evaluation.result == "bña"


def test_a_loop_over_keys_visits_nothing_of_null(run: Run) -> None:
    assert run("for (const key in ctx.args.missing) { return 1; } return 2;").result == 2


def test_the_utilities_cannot_be_changed(run: Run) -> None:
    evaluation = run("util.dynamodb.toNull = 1;")

    assert evaluation.error == HandlerError("code.js:3:3: TypeError: 'toNull' is read-only", "Code")


def test_logs_have_level_place_and_values(run: Run) -> None:
    evaluation = run(
        'console.log("text", 1, {a: [null]}); console.error("e"); console.warn(true);'
        " console.debug(null); console.info();"
    )

    assert evaluation.logs == (
        'INFO - code.js:3:3: "text" 1 {"a":[null]}',
        'ERROR - code.js:3:40: "e"',
        "WARN - code.js:3:60: true",
        "DEBUG - code.js:3:80: null",
        "INFO - code.js:3:101: ",
    )


@pytest.mark.parametrize(
    "expression",
    [
        "null === undefined",
        "ctx.args.missing === null",
        "null === ctx.args.missing",
        "ctx.args.given === undefined",
        "!(ctx.args.missing !== null)",
        "[null].map((each) => each === ctx.args.missing)[0]",
        "1 === 1 === true",
        "ctx.args.missing !== 0 === true",
        "'0' !== 0",
        "false !== null",
        "0 !== null",
        "'' !== undefined",
    ],
)
def test_what_is_missing_is_identical_to_null_and_to_nothing_else(
    value: Value, expression: str
) -> None:
    assert value(expression, arguments={"given": None}) is True


def test_the_right_side_of_a_default_is_worked_out_whatever_the_left_is(run: Run) -> None:
    body = "const note = (x) => { ctx.stash.noted = x; return x; }; return 1 ?? note(2) ?? 3;"
    assert run(body) == Evaluation(result=1, stash={"noted": 2})


def test_a_default_stands_only_for_null_and_for_what_is_missing(value: Value) -> None:
    assert value("[null ?? 1, undefined ?? null ?? 2, 0 ?? 3, '' ?? 4]") == [1, 2, 0, ""]


def test_the_place_of_an_error_beside_such_operators_is_that_of_the_code(run: Run) -> None:
    error = run("const a = 1 === 2; return (a ?? 1) === null || ctx.none.x;").error
    assert error is not None
    assert error.message.startswith("code.js:3:50: TypeError")
