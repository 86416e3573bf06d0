"""The rules of @auth: who may do what. They add up, and what none allows is denied.

Amplify's words: https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.definitions import Directive, listed

AUTH = "auth"
# The modes that tell one user from another.
USERS = (AuthMode.AWS_LAMBDA, AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.OPENID_CONNECT)


class Strategy(StrEnum):
    """Whom a rule lets in, by Amplify's names."""

    OWNER = "owner"
    GROUPS = "groups"
    PRIVATE = "private"
    PUBLIC = "public"
    CUSTOM = "custom"


class Operation(StrEnum):
    """What a rule lets somebody do."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    GET = "get"
    LIST = "list"
    LISTEN = "listen"


READ = frozenset({Operation.GET, Operation.LIST, Operation.LISTEN})
# What the words of `operations` stand for. To ask for what was missed, or to search, is to list.
OPERATIONS: Mapping[str, frozenset[Operation]] = {
    **{each.value: frozenset({each}) for each in Operation},
    "read": READ,
    "sync": frozenset({Operation.LIST}),
    "search": frozenset({Operation.LIST}),
}
PROVIDERS: Mapping[str, AuthMode] = {
    "apiKey": AuthMode.API_KEY,
    "iam": AuthMode.AWS_IAM,
    "identityPool": AuthMode.AWS_IAM,
    "oidc": AuthMode.OPENID_CONNECT,
    "userPools": AuthMode.AMAZON_COGNITO_USER_POOLS,
    "function": AuthMode.AWS_LAMBDA,
}
# What a rule of each strategy takes beside `allow`, `provider` and `operations`.
ARGUMENTS: Mapping[Strategy, tuple[str, ...]] = {
    Strategy.OWNER: ("ownerField", "identityClaim"),
    Strategy.GROUPS: ("groups", "groupsField", "groupClaim"),
    Strategy.PRIVATE: (),
    Strategy.PUBLIC: (),
    Strategy.CUSTOM: (),
}
# The modes that each strategy can be for.
MODES: Mapping[Strategy, tuple[AuthMode, ...]] = {
    Strategy.OWNER: (*USERS, AuthMode.AWS_IAM),
    Strategy.GROUPS: USERS,
    Strategy.PRIVATE: (*USERS, AuthMode.AWS_IAM),
    Strategy.PUBLIC: (AuthMode.API_KEY, AuthMode.AWS_IAM),
    Strategy.CUSTOM: (AuthMode.AWS_LAMBDA,),
}
# The claim that a rule of each may name.
CLAIMS = {Strategy.OWNER: "identityClaim", Strategy.GROUPS: "groupClaim"}
OWNER_FIELD = "owner"
# The claim that holds somebody's groups where a rule names no other.
GROUPS = "cognito:groups"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        provider: the one mode that it is for; None for those of the API's that suit it.
        field: that of the item which holds its owners, or its groups; None where the rule does not
            look at the item.
        claim: that of the token which says who somebody is, or in which groups; None for the usual.
        groups: those whose members it lets in, whatever the item.
    """

    strategy: Strategy
    operations: frozenset[Operation]
    line: int
    provider: AuthMode | None = None
    field: str | None = None
    claim: str | None = None
    groups: tuple[str, ...] = ()

    def modes(self, modes: Sequence[AuthMode]) -> tuple[AuthMode, ...]:
        """Those of the API's modes, of which the first is its default, that the rule is for."""
        if self.provider:
            return tuple(mode for mode in modes if mode is self.provider)
        suiting = MODES[self.strategy]
        if self.strategy is Strategy.PUBLIC and AuthMode.API_KEY in modes:
            return (AuthMode.API_KEY,)
        # Beside others IAM is for whoever is named: back-office functions, and the relay.
        return tuple(
            mode
            for mode in modes
            if mode in suiting and (mode is not AuthMode.AWS_IAM or mode is modes[0])
        )


def rules_of(directives: Sequence[Directive]) -> tuple[Rule, ...] | None:
    """The rules that an @auth says; None without one. They must be right."""
    found = [each for each in directives if each.name == AUTH]
    if not found:
        return None
    return tuple(_rule(its, each.line) for each in found for its in listed(each.arguments["rules"]))


def allowing(rules: Sequence[Rule], operation: Operation) -> Iterator[Rule]:
    """The rules by which somebody may do it."""
    return (rule for rule in rules if operation in rule.operations)


def written(directives: Sequence[Directive]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each rule as the author wrote it, with the line of its @auth: whatever is no rule is left
    out."""
    for directive in directives:
        if directive.name == AUTH:
            for each in listed(directive.arguments.get("rules")):
                if isinstance(each, Mapping):
                    yield each, directive.line


def _rule(its: Mapping[str, Any], line: int) -> Rule:
    strategy = Strategy(its["allow"])
    words = [OPERATIONS[word] for word in listed(its.get("operations"))]
    has_all = its.get("operations") is None
    field = its.get("groupsField")
    if strategy is Strategy.OWNER:
        field = its.get("ownerField", OWNER_FIELD)
    return Rule(
        strategy=strategy,
        operations=frozenset(Operation) if has_all else frozenset[Operation]().union(*words),
        line=line,
        provider=PROVIDERS[its["provider"]] if its.get("provider") else None,
        field=field,
        claim=its.get(CLAIMS.get(strategy, "")),
        groups=tuple(listed(its.get("groups"))),
    )
