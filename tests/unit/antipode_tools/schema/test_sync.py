"""@model(sync: true): a query for what was missed, and a journal that it is asked of."""

from __future__ import annotations

import json

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import Compiled, compile_models
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.environment import entry
from antipode_tools.schema.limits import check_capacity, resources

SOURCE = "type person @model(sync: true) { id: ID!, state: Int, near: person @belongsTo }"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_models(SOURCE, modes=[AuthMode.AWS_LAMBDA])


def problems(source: str) -> list[str]:
    with pytest.raises(Refused) as raised:
        compile_models(source)
    return [each.located("m") for each in raised.value.diagnostics]


def test_the_query_has_the_name_that_amplify_has_for_it(compiled: Compiled) -> None:
    assert (
        "  # What was announced since a `startedAt`; without `lastSync` where to begin from.\n"
        "  syncPeople(lastSync: String, limit: Int, nextToken: String): ModelPersonConnection\n"
    ) in compiled.schema


def test_its_answer_says_what_to_ask_for_next(compiled: Compiled) -> None:
    assert (
        "type ModelPersonConnection {\n"
        "  items: [person]\n"
        "  nextToken: String\n"
        "  # What to ask for next, of what was missed.\n"
        "  startedAt: String\n"
        "}\n"
    ) in compiled.schema
    assert "# Queries of what was missed have it as well.\ntype Change " in compiled.schema


def test_the_document_for_clients_asks_for_what_orders_changes(compiled: Compiled) -> None:
    [document] = [
        each for each in compiled.operations.split("\n\n") if each.startswith("query SyncPeople")
    ]
    expected = (
        "query SyncPeople($lastSync: String, $limit: Int, $nextToken: String) {"
        " syncPeople(lastSync: $lastSync, limit: $limit, nextToken: $nextToken) {"
        " items { id state personNearId createdAt updatedAt version updatedIn"
        " _was { state personNearId } _change { id kind sequence region recordedAt } }"
        " nextToken startedAt } }"
    )
    assert " ".join(document.split()) == expected


def test_it_takes_the_scope_of_the_list(compiled: Compiled) -> None:
    fields = json.loads(compiled.fields)
    assert fields["Query.syncPeople"] == fields["Query.listPeople"] == "person:read"


def test_the_resolvers_know_what_the_relays_mutations_call_the_model(compiled: Compiled) -> None:
    [model] = compiled.models
    head, _, facts = entry(model).partition("=")
    assert head.split(",")[:4] == ["person", "getPerson", "listPeople", "syncPeople"]
    assert json.loads(facts)["sync"] == "Person"


def test_the_query_is_called_as_the_model_says() -> None:
    source = 'type M @model(sync: true, queries: { sync: "missed" }) { id: ID! }'
    assert (
        "  missed(lastSync: String, limit: Int, nextToken: String): ModelMConnection"
        in compile_models(source).schema
    )


def test_a_model_without_it_has_nothing_of_it() -> None:
    compiled = compile_models("type M @model { id: ID! }")
    written = f"{compiled.schema}{compiled.operations}{compiled.mappings}"
    assert [word for word in ("lastSync", "startedAt", "syncM", "Sync:") if word in written] == []


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (
            "sync: true, subscriptions: { onUpdate: null, onDelete: null }",
            "m:2: Card has sync without onUpdate and onDelete: what nobody can subscribe to is not "
            "announced, and what is not announced is not kept. Leave these subscriptions in, or "
            "sync out",
        ),
        (
            "sync: true, queries: null",
            "m:2: Card has sync and leaves its query out: leave sync out, or name the query, "
            '@model(sync: true, queries: { sync: "syncTodos" })',
        ),
        (
            'queries: { sync: "missed" }',
            "m:2: Card names a sync query and has none: write @model(sync: true) as well",
        ),
        (
            "sync: 1",
            "m:2: Card has @model(sync:) with a value that it does not take: @model(sync: true)",
        ),
        (
            'sync: true, queries: { sync: "listCards" }',
            "m:2: Card has the operation listCards, which Card has already: rename one, by "
            "@model(queries:, mutations:, subscriptions:) or by queryField",
        ),
    ],
)
def test_what_could_not_be_told_whole_is_refused(model: str, problem: str) -> None:
    assert problems(
        f"\ntype Card @model({model}) {{ id: ID! }} type Other @model {{ id: ID! }}"
    ) == [problem]


@pytest.mark.parametrize(
    "rest",
    [
        "@model(sync: true, subscriptions: null, onChange: true) { id: ID! }",
        "@model(sync: true, subscriptions: { onDelete: null }) { id: ID! }"
        ' type Subscription { gone: Card @aws_subscribe(mutations: ["deleteCard"]) }',
    ],
)
def test_whatever_hears_of_a_kind_of_change_has_it_announced(rest: str) -> None:
    assert "syncCards(" in compile_models(f"type Card {rest}").schema


def test_a_model_takes_one_resource_more_and_the_first_of_them_ten(compiled: Compiled) -> None:
    without = compile_models(SOURCE.replace("(sync: true)", ""))
    [model], [plain] = compiled.models, without.models
    takes = resources(model)
    assert takes == resources(plain) + 1
    check_capacity(500 - takes - 10, compiled.models)
    with pytest.raises(Refused) as refused:
        check_capacity(500 - takes - 9, compiled.models)
    [diagnostic] = refused.value.diagnostics
    assert diagnostic.message.startswith(
        f"1 models need 501 resources ({500 - takes - 9} whatever they are, 10 to tell of what was "
        f"missed, and {takes} for their tables and resolvers), and a stack has 500. "
    )
