"""How a resolver finds its model in the API's environment."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.ports import Evaluation, HandlerName, Json
from tests.examples import percent

from .models import MODELS, environment

Resolver = Callable[[str, HandlerName, Json], Evaluation]


@given(piece=st.integers(90, 511), model=st.sampled_from(sorted(MODELS)))
@settings(max_examples=percent(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_model_is_found_wherever_the_text_is_cut(
    resolver: Resolver, piece: int, model: str
) -> None:
    context = {
        "arguments": dict.fromkeys(MODELS[model]["key"], "v"),
        "env": environment(piece=piece),
        "identity": {"resolverContext": {"sub": "ada"}},
        "info": {"fieldName": f"get{model}", "parentTypeName": "Query"},
        "stash": {},
    }

    request = resolver("get", HandlerName.REQUEST, context).result

    partition, *sorts = MODELS[model]["key"]
    joined = {"#".join(sorts): {"S": "#".join("v" for _ in sorts)}} if sorts else {}
    assert request["key"] == {partition: {"S": "v"}, **joined}


def test_a_semicolon_in_a_text_ends_no_entry(resolver: Resolver) -> None:
    context = {
        "arguments": {"input": {"sku": "a"}},
        "env": {**environment(), "REGION": "eu-west-1"},
        "info": {"fieldName": "createProduct", "parentTypeName": "Mutation"},
        "stash": {},
    }

    request = resolver("create", HandlerName.REQUEST, context).result

    assert request["attributeValues"]["name"] == {"S": "nameless; = none"}


def test_names_are_matched_whole(resolver: Resolver) -> None:
    models: Json = {
        "Order": {"key": ["a"]},
        "rder": {"key": ["b"]},
        "Ord": {"key": ["c"]},
        "getOrd": {"key": ["d"]},
    }
    found = {}
    for model, its in models.items():
        context = {
            "arguments": {its["key"][0]: "v"},
            "env": environment(models),
            "info": {"fieldName": f"get{model}", "parentTypeName": "Query"},
            "stash": {},
        }
        found[model] = resolver("get", HandlerName.REQUEST, context).result["key"]

    assert found == {model: {its["key"][0]: {"S": "v"}} for model, its in models.items()}
