"""Any rules that an API of some modes can have, and any callers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from tests.property.auth.rules import ALL, BOTH, READ, Caller, Rule

Modes = tuple[AuthMode, ...]

# Some more often than others, so that rules hold about as often as not.
NAMES = ("ada", "ada", "ada", "bob", "bob", "Ada", "ad", "ada::ada")
GROUPS = ("red", "red", "red", "blue", "Red", "re")
# By whether each is a list.
OWNERS: Mapping[str, bool] = {"owner": False, "author": False, "editors": True}
AUDIENCES: Mapping[str, bool] = {"team": False, "teams": True}

_PROVIDERS = {
    AuthMode.API_KEY: ("apiKey",),
    AuthMode.AWS_IAM: ("iam", "identityPool"),
    AuthMode.OPENID_CONNECT: ("oidc",),
    AuthMode.AMAZON_COGNITO_USER_POOLS: ("userPools",),
    AuthMode.AWS_LAMBDA: ("function",),
}
# Whom a rule can let in that names its provider.
_ALLOWS = {
    AuthMode.API_KEY: ("public",),
    AuthMode.AWS_IAM: ("owner", "private", "public"),
    AuthMode.OPENID_CONNECT: ("owner", "groups", "private"),
    AuthMode.AMAZON_COGNITO_USER_POOLS: ("owner", "groups", "private"),
    AuthMode.AWS_LAMBDA: ("owner", "groups", "private", "custom"),
}
_EVERY = ("owner", "groups", "private", "public", "custom")
# What no token should say of groups.
_NO_LISTS: tuple[Any, ...] = ("red", None, 7, {"red": 1}, [])


def auth(rules: Sequence[Rule] | None) -> str:
    """As the models' file has them, nothing of None."""
    return "" if rules is None else f"@auth(rules: [{', '.join(map(_written, rules))}])"


def _written(rule: Rule) -> str:
    said: dict[str, Any] = {"allow": rule.allow}
    if rule.provider:
        said["provider"] = _PROVIDERS[rule.provider][-1]
    if rule.operations != ALL:
        words = sorted(rule.operations)
        if rule.operations >= READ:
            words = ["read", *sorted(rule.operations - READ)]
        said["operations"] = f"[{', '.join(words)}]"
    if rule.field:
        said["ownerField" if rule.allow == "owner" else "groupsField"] = json.dumps(rule.field)
    if rule.groups:
        said["groups"] = json.dumps(rule.groups)
    if rule.claim:
        claim = "identityClaim" if rule.allow == "owner" else "groupClaim"
        said[claim] = json.dumps(rule.claim)
    return f"{{ {', '.join(f'{name}: {value}' for name, value in said.items())} }}"


def rules(random: Random, api: Modes, words: Sequence[str]) -> tuple[Rule, ...]:
    """Some rules that such an API can have, for some of these operations."""
    return tuple(_rule(random, api, words) for _ in range(random.randint(1, 3)))


def _rule(random: Random, api: Modes, words: Sequence[str]) -> Rule:
    provider = random.choice([None, None, *api])
    allows = [each for each in _EVERY if Rule(each).modes(api) & set(api)]
    if provider or not allows:
        provider = provider or api[0]
        allows = [*_ALLOWS[provider]]
    # Those that look at the item more often: the others let in whatever it is.
    narrow = [each for each in allows if each in ("owner", "groups")]
    allow = random.choice([*allows, *narrow, *narrow, *narrow])
    operations = ALL
    if random.random() < 0.3:
        some = random.sample(words, random.randint(1, len(words)))
        operations = frozenset().union(*(READ if each == "read" else {each} for each in some))
    if allow == "owner":
        field, claim = random.choice([*OWNERS]), random.choice([None, None, None, "email", BOTH])
        return Rule(allow, operations, provider, field, OWNERS[field], claim)
    if allow == "groups":
        claim, audience = random.choice([None, None, "roles"]), random.choice([*AUDIENCES, None])
        if audience:
            return Rule(allow, operations, provider, audience, AUDIENCES[audience], claim)
        groups = random.sample(sorted(set(GROUPS)), random.randint(1, 2))
        return Rule(allow, operations, provider, claim=claim, groups=tuple(groups))
    return Rule(allow, operations, provider)


def caller(random: Random, api: Modes) -> Caller:
    """Whoever calls by a mode of the API: with claims, without, and with what is none."""
    mode = random.choice(api)
    if mode is AuthMode.API_KEY:
        return Caller(mode)
    if mode is AuthMode.AWS_IAM:
        return Caller(mode, random.choice(NAMES))
    # Of a pool's tokens those for access have the one, and those of identity the other.
    pool = mode is AuthMode.AMAZON_COGNITO_USER_POOLS
    username = random.choice(["username", "cognito:username" if pool else "nickname"])
    claims = {
        username: random.choice(NAMES),
        "email": random.choice([*NAMES, None, 7]),
        "cognito:groups": _groups(random),
        "roles": _groups(random),
    }
    return Caller(mode, random.choice(NAMES), claims)


def _groups(random: Random) -> Any:
    listed = random.sample(sorted(set(GROUPS)), random.randint(1, 3))
    return random.choice([listed, listed, listed, random.choice(_NO_LISTS)])
