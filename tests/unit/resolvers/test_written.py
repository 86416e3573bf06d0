"""What resolvers that write tell the API's log, and the queries of the docs that look for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerName, Json
from tests.unit.insights import check_syntax, queries

from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

REQUEST = "d4a1a8a4-3c6e-4a62-9d3c-2f4a5a0f5f0e"
QUERIES = queries("The request behind a change")
ITEM = {"id": "Item1", "item": "secret", "version": 7, "updatedIn": "ap-southeast-2"}
HEADERS = {"x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793"}
LINE = (
    "change written: ItemsModel, version 7 in ap-southeast-2,"
    " trace Root=1-5759e988-bd862e3fe1be46a994272793, id Item1"
)


def context(kind: str, log: str = "true", **given: Json) -> Json:
    return {
        "arguments": {"input": {"id": "Item1"}},
        "env": {**ENVIRONMENT, "LOG_CHANGES": log},
        "info": {"fieldName": f"{kind}ItemsModel", "parentTypeName": "Mutation"},
        "request": {"headers": HEADERS},
        "result": ITEM,
        "stash": {},
        **given,
    }


@pytest.mark.parametrize("kind", ["create", "update", "delete"])
def test_a_write_is_told_by_its_name_and_nothing_else_of_the_item(
    resolver: Resolver, kind: str
) -> None:
    evaluation = resolver(kind, HandlerName.RESPONSE, context(kind))
    assert evaluation.result == ITEM
    [log] = evaluation.logs
    assert re.fullmatch(rf'INFO - code\.js:\d+:\d+: "{re.escape(LINE)}"', log)


@pytest.mark.parametrize("kind", ["create", "update", "delete"])
def test_nothing_is_told_unless_it_is_asked_for(resolver: Resolver, kind: str) -> None:
    evaluation = resolver(kind, HandlerName.RESPONSE, context(kind, log="false"))
    assert evaluation == Evaluation(result=ITEM)


def test_a_request_without_a_trace_is_told_without_one(resolver: Resolver) -> None:
    requests: list[Json] = [None, {"headers": {}}]
    for request in requests:
        told = resolver("create", HandlerName.RESPONSE, context("create", request=request))
        assert "ap-southeast-2, trace none, id Item1" in told.logs[0]


def test_a_write_that_is_refused_is_not_told(resolver: Resolver) -> None:
    error = {"type": "DynamoDB:ConditionalCheckFailedException", "message": "no"}
    given = context("create", error=error, result=None)
    assert resolver("create", HandlerName.RESPONSE, given).logs == ()


def test_there_are_queries_for_both_ways() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_has_the_syntax_of_logs_insights(query: str) -> None:
    check_syntax(query)


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_finds_the_line(resolver: Resolver, query: str) -> None:
    [log] = resolver("update", HandlerName.RESPONSE, context("update")).logs
    message = f"{REQUEST} {log}"
    for wanted in re.findall(r'like "([^"]*)"', query):
        assert wanted in message


def test_what_is_parsed_is_what_was_written(resolver: Resolver) -> None:
    [query] = [each for each in QUERIES if "parse" in each]
    found = re.search(r'parse @message "([^"]*)" as ([^|]+) ', query)
    assert found
    pattern = "(.*?)".join(map(re.escape, found[1].split("*")))
    [log] = resolver("update", HandlerName.RESPONSE, context("update")).logs
    parsed = re.search(f"{pattern}$", log)
    assert parsed
    assert dict(zip(found[2].split(", "), parsed.groups(), strict=True)) == {
        "model": "ItemsModel",
        "version": "7",
        "region": "ap-southeast-2",
        "trace": HEADERS["x-amzn-trace-id"],
        "key": 'id Item1"',
    }
