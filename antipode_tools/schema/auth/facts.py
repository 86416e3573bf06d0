"""What the resolvers know of the rules, in few characters.

A rule is `{"by": "UO", "do": "cg", "owner": "author"}`: a letter for each mode, one for each
operation (all where there is no `do`), and whom it lets in. graphql/resolvers/shared.js reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.auth.rules import Operation, Rule, Strategy
from antipode_tools.schema.definitions import Field, ObjectType

_MODES = {
    AuthMode.API_KEY: "K",
    AuthMode.AWS_LAMBDA: "L",
    AuthMode.AMAZON_COGNITO_USER_POOLS: "U",
    AuthMode.OPENID_CONNECT: "O",
    AuthMode.AWS_IAM: "I",
}
_OPERATIONS = {
    Operation.CREATE: "c",
    Operation.UPDATE: "u",
    Operation.DELETE: "d",
    Operation.GET: "g",
    Operation.LIST: "l",
    Operation.LISTEN: "s",
}


def facts(
    rules: Iterable[Rule], modes: Sequence[AuthMode], type_: ObjectType | None = None
) -> list[dict[str, Any]]:
    """The rules, of the model `type_` or of an operation, which is all that they can be for."""
    return [_fact(rule, modes, type_) for rule in rules]


def _fact(rule: Rule, modes: Sequence[AuthMode], type_: ObjectType | None) -> dict[str, Any]:
    done = "".join(letter for each, letter in _OPERATIONS.items() if each in rule.operations)
    fact: dict[str, Any] = {"by": "".join(_MODES[mode] for mode in rule.modes(modes))}
    if type_ and len(rule.operations) < len(_OPERATIONS):
        fact["do"] = done
    if rule.field:
        kind = "owner" if rule.strategy is Strategy.OWNER else "groupsField"
        fact[kind] = rule.field
        if _is_list(type_.field(rule.field) if type_ else None):
            fact["many"] = True
    elif rule.groups:
        fact["groups"] = list(rule.groups)
    if rule.claim:
        fact["claim"] = rule.claim
    return fact


def _is_list(field: Field | None) -> bool:
    return field is not None and field.is_list
