"""Which claims of a token the Lambda authorizer hands on: those that rules ask for.

`antipode schema` writes src/authorizer/claims.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.auth.rules import GROUPS, Rule, Strategy, rules_of
from antipode_tools.schema.definitions import Definitions

# Handed on whatever the rules are.
_ALWAYS = ("sub", "issuer", "scope")


def render(definitions: Definitions, modes: Sequence[AuthMode]) -> str:
    """The text of claims.json: the claims that are lists of groups, and those that are texts."""
    rules = [rule for rule in _rules(definitions) if AuthMode.AWS_LAMBDA in rule.modes(modes)]
    groups = {rule.claim or GROUPS for rule in rules if rule.strategy is Strategy.GROUPS}
    owners = (rule.claim or "" for rule in rules if rule.strategy is Strategy.OWNER)
    # Of sub::username either is one.
    texts = {part for claim in owners for part in claim.split("::") if part not in ("", *_ALWAYS)}
    return json.dumps({"groups": sorted(groups), "texts": sorted(texts)}, indent=2) + "\n"


def _rules(definitions: Definitions) -> Iterator[Rule]:
    for type_ in (*definitions.models, *definitions.roots):
        yield from rules_of(type_.directives) or ()
        for field in type_.fields:
            yield from rules_of(field.directives) or ()
