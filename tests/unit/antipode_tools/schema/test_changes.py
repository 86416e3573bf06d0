"""What a running system does not take as it comes."""

from __future__ import annotations

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Refused

BEFORE = """type M @model { id: ID!, a: Int, e: E, p: P }
enum E { A B }
type P { x: ID }"""


@pytest.mark.parametrize(
    ("change", "to", "warning"),
    [
        (
            " a: Int,",
            "",
            "m:1: warning: M.a is gone: clients that still ask for it are refused, and its values "
            "stay in the items",
        ),
        (
            "a: Int",
            "a: String",
            "m:1: warning: M.a was Int and is String: items that hold the old type are read with "
            "errors, and their changes are not announced",
        ),
        (
            "a: Int",
            "a: Int!",
            "m:1: warning: M.a was Int and is Int!: clients that leave it out are refused",
        ),
        (
            "a: Int",
            "a: Int, b: Int!",
            "m:1: warning: M.b is new and required: clients that do not know it can no longer "
            "write",
        ),
        (
            "A B",
            "A",
            "m:2: warning: E.B is gone: items that hold it are read with errors, and their changes "
            "are not announced",
        ),
        (
            "x: ID",
            "y: ID",
            "m:3: warning: P.x is gone: clients that still ask for it are refused, and its values "
            "stay in the items",
        ),
        (
            "@model {",
            '@model(table: "things") {',
            "m:1: warning: M's table was the stack's own and is things: a stack that has the one "
            "does not take the other for it. antipode adopt takes a table in that is there, into a "
            "new stack",
        ),
    ],
)
def test_an_unsafe_change_is_warned_of(change: str, to: str, warning: str) -> None:
    warnings = compile_models(BEFORE.replace(change, to), BEFORE).warnings
    assert [each.located("m") for each in warnings] == [warning]


@pytest.mark.parametrize(
    ("change", "to"),
    [("a: Int", "a: Int, b: Int"), ("A B", "A B C"), ("id: ID!,", ""), ("", "")],
)
def test_an_addition_is_safe(change: str, to: str) -> None:
    before = BEFORE if change != "id: ID!," else BEFORE.replace("a: Int,", "a: Int!,")
    now = BEFORE.replace(change, to) if change != "id: ID!," else BEFORE
    assert compile_models(now, before).warnings == ()


def test_a_model_that_is_gone_keeps_its_table() -> None:
    now = "type O @model { id: ID! }"
    assert [each.located("m") for each in compile_models(now, f"{now}\n{BEFORE}").warnings] == [
        "m: warning: the model M is gone: its API goes, its table and items stay, retained and out "
        "of the stack"
    ]


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ("a: ID! @primaryKey, b: Int!", "a: ID!, b: Int! @primaryKey", ("a: ID", "b: Int")),
        (
            "a: ID! @primaryKey, b: Int!",
            'a: ID! @primaryKey(sortKeyFields: ["b"]), b: Int!',
            ("a: ID", "a: ID, b: Int"),
        ),
        (
            'a: ID!, b: Int! @primaryKey(sortKeyFields: ["a"])',
            'a: ID! @primaryKey(sortKeyFields: ["b"]), b: Int!',
            ("b: Int, a: ID", "a: ID, b: Int"),
        ),
        (
            'a: ID! @primaryKey(sortKeyFields: ["b", "c"]), b: Int!, c: ID!',
            'a: ID! @primaryKey(sortKeyFields: ["c", "b"]), b: Int!, c: ID!',
            ("a: ID, b: Int, c: ID", "a: ID, c: ID, b: Int"),
        ),
    ],
)
def test_a_changed_key_is_refused(before: str, now: str, shown: tuple[str, str]) -> None:
    source = "\ntype M @model(queries: { list: null }) { %s }"
    with pytest.raises(Refused) as raised:
        compile_models(source % now, source % before)
    assert str(raised.value) == (
        f"M had the key {shown[0]} and has {shown[1]}: a table's key cannot change. Add a model of "
        "another name and move the items"
    )
    assert [each.line for each in raised.value.diagnostics] == [2]


def test_a_time_to_live_moves_in_two_deployments() -> None:
    before = "type M @model { id: ID!, a: AWSTimestamp @ttl, b: AWSTimestamp }"
    now = "type M @model { id: ID!, a: AWSTimestamp, b: AWSTimestamp @ttl }"
    assert [each.located("m") for each in compile_models(now, before).warnings] == [
        "m:1: warning: M had @ttl on a and has it on b: deploy once without @ttl, and an hour "
        "later with it, since DynamoDB does not change it in one step"
    ]


def test_a_subscription_to_all_changes_that_is_gone_is_missed() -> None:
    before = "type M @model(onChange: true) { id: ID! }"
    assert [
        each.located("m") for each in compile_models("type M @model { id: ID! }", before).warnings
    ] == ["m:1: warning: onChangeM is gone: clients that ask for it are refused"]


RULED = """m:1: warning: M has other rules from now on; an item without o is for nobody whom a \
rule lets in by it; a subscription that is open hears by the rules that it began with until it \
ends, within a day"""
RULE = '@auth(rules: [{ allow: owner, ownerField: "%s" }])'


@pytest.mark.parametrize(
    ("before", "now", "warning"),
    [
        ("", RULE % "o", RULED),
        (RULE % "p", RULE % "o", RULED),
        (RULE % "o", "\n" + RULE % "o", None),
        (
            RULE % "o",
            "@auth(rules: [{ allow: private }])",
            RULED.replace("; an item without o is for nobody whom a rule lets in by it", ""),
        ),
    ],
)
def test_rules_that_come_and_go_are_warned_of(before: str, now: str, warning: str | None) -> None:
    source = "type M @model %s { id: ID!, o: String, p: String }"
    warnings = compile_models(source % now, source % before, [AuthMode.AWS_IAM]).warnings
    assert [each.located("m") for each in warnings] == ([warning] if warning else [])


def test_a_model_that_is_opened_to_all_is_warned_of() -> None:
    source = "type M @model %s { id: ID!, o: String }"
    warnings = compile_models(source % "", source % (RULE % "o"), [AuthMode.AWS_IAM]).warnings
    assert [each.located("m") for each in warnings] == [
        "m:1: warning: M has no @auth any more: whoever signs in reads, changes and deletes every "
        "item"
    ]


FILTERED = "type M @model { id: ID!, a: Int, b: Int, c: Int, d: Int }"


def test_a_field_that_is_put_above_others_takes_the_place_of_the_last_to_filter_by() -> None:
    now = FILTERED.replace("a: Int,", "new: Int, a: Int,")
    assert [each.located("m") for each in compile_models(now, FILTERED).warnings] == [
        "m:1: warning: subscriptions to M cannot be filtered by c any more: clients that do are "
        "refused. The fields to filter by stand first in the type"
    ]
    below = FILTERED.replace("d: Int", "d: Int, new: Int")
    assert compile_models(below, FILTERED).warnings == ()


def test_a_field_that_can_no_longer_be_compared_can_not_be_filtered_by() -> None:
    now = FILTERED.replace("b: Int", "b: [Int]")
    assert [each.message for each in compile_models(now, FILTERED).warnings] == [
        "M.b was Int and is [Int]: items that hold the old type are read with errors, and their "
        "changes are not announced",
        "subscriptions to M cannot be filtered by b any more: clients that do are refused. The "
        "fields to filter by stand first in the type",
    ]


def test_a_type_that_a_union_or_an_interface_loses_is_missed_in_the_items() -> None:
    before = """union U = A | B
interface I { x: ID }
type A implements I { x: ID }
type B implements I { x: ID }
type M @model { id: ID!, u: U, i: I }"""
    now = before.replace("A | B", "A").replace("B implements I", "B")
    told = "items that hold one are read with errors, and their changes are not announced"
    warnings = [each.located("m") for each in compile_models(now, before).warnings]
    assert [each for each in warnings if "no longer be" in each] == [
        f"m:1: warning: U can no longer be B: {told}",
        f"m:2: warning: I can no longer be B: {told}",
    ]


def test_what_was_committed_and_never_right_is_compared_with_nothing() -> None:
    assert compile_models(BEFORE, "type M @model { name: Text }").warnings == ()
    assert compile_models(BEFORE, "type {").warnings == ()
