"""What a token does not grant is not done, even if its resolver runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .models import ENVIRONMENT

Resolver = Callable[[str, HandlerName, Json], Evaluation]

MUTATIONS = ("create", "update", "delete")


def evaluated(resolver: Resolver, mutation: str, identity: Json) -> Evaluation:
    context = {
        "arguments": {"input": {"id": "a"}},
        "env": ENVIRONMENT,
        "info": {"fieldName": f"{mutation}ItemsModel", "parentTypeName": "Mutation"},
        "identity": identity,
        "stash": {},
    }
    return resolver(mutation, HandlerName.REQUEST, context)


def token(scope: str) -> Json:
    """A caller's identity as the authorizer hands it on."""
    return {"resolverContext": {"sub": "ada", "issuer": "antipode", "scope": scope}}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(
    "scope", ["", "items:read", "ItemsModel:read", "Order:write", "items:writer", "null"]
)
def test_a_scope_that_does_not_grant_a_mutation_is_refused(
    resolver: Resolver, mutation: str, scope: str
) -> None:
    error = evaluated(resolver, mutation, token(scope)).error
    assert isinstance(error, HandlerError)
    assert error.type == "Unauthorized"


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("scope", ["items:write", "items:read items:write", "ItemsModel:write"])
def test_a_scope_that_grants_a_mutation_lets_it_through(
    resolver: Resolver, mutation: str, scope: str
) -> None:
    assert evaluated(resolver, mutation, token(scope)).error is None


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(
    "identity", [None, {}, {"username": "AIDA"}, {"sub": "ada", "claims": {"scope": "openid"}}]
)
def test_callers_of_other_modes_have_no_scopes(
    resolver: Resolver, mutation: str, identity: Json
) -> None:
    assert evaluated(resolver, mutation, identity).error is None
