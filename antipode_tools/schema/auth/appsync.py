"""AppSync's own directives of who may, as rules of @auth: @aws_iam and its like.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from antipode_tools.schema.auth.rules import AUTH, written
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    Field,
    FieldsType,
    ObjectType,
    listed,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.written import text

_POOLS = "userPools"
_RULES: Mapping[str, Mapping[str, Any]] = {
    "aws_api_key": {"allow": "public", "provider": "apiKey"},
    "aws_iam": {"allow": "private", "provider": "iam"},
    "aws_cognito_user_pools": {"allow": "private", "provider": _POOLS},
    "aws_oidc": {"allow": "private", "provider": "oidc"},
    "aws_lambda": {"allow": "custom", "provider": "function"},
    # The first of them: it knows nothing but groups of a user pool.
    "aws_auth": {"allow": "private", "provider": _POOLS},
}


def with_modes(definitions: Definitions) -> Definitions:
    """The definitions with @auth in the place of AppSync's directives, and told of each: on an
    operation, or on a field of a model. Those on types are left out, since the modes that a type is
    open to follow from what answers it."""
    models = {type_.name for type_ in definitions.models}
    reader = _Reader()
    roots = tuple(reader.root(each) for each in definitions.roots)
    every = tuple(reader.type(each, is_model=each.name in models) for each in definitions.all)
    return replace(definitions, all=every, roots=roots, told=(*definitions.told, *reader.told))


class _Reader:
    def __init__(self) -> None:
        self.told: list[Diagnostic] = []

    def root(self, root: ObjectType) -> ObjectType:
        """What stands on Query itself is of all its fields that say nothing else."""
        usual = _modes(root.directives)
        fields = (
            self._ruled(root.name, field, _modes(field.directives) or usual)
            for field in root.fields
        )
        return replace(root, directives=_others(root.directives), fields=tuple(fields))

    def type(self, definition: Definition, *, is_model: bool) -> Definition:
        """Of other types those on their fields are left to be refused."""
        for each in _modes(definition.directives):
            self._tell(
                each,
                f"{definition.name} has @{each.name}, which is left out: who may read it is said "
                "where it is answered, by @auth on a model or on an operation",
            )
        definition = replace(definition, directives=_others(definition.directives))
        if not (is_model and isinstance(definition, FieldsType)):
            return definition
        fields = (
            self._ruled(definition.name, field, _modes(field.directives))
            for field in definition.fields
        )
        return replace(definition, fields=tuple(fields))

    def _ruled(self, type_: str, field: Field, modes: tuple[Directive, ...]) -> Field:
        if not modes:
            return field
        own, first = _others(field.directives), modes[0]
        path, names = f"{type_}.{field.name}", " ".join(f"@{each.name}" for each in modes)
        said = [rule for rule, _ in written(own)]
        auth = Directive(AUTH, {"rules": [*said, *map(_rule, modes)]}, first.line)
        self._tell(first, f"{path} has {names}, of AppSync: write {text(auth)}")
        kept = (each for each in own if each.name != AUTH)
        return replace(field, directives=(*kept, auth))

    def _tell(self, directive: Directive, message: str) -> None:
        self.told.append(Diagnostic(directive.line, message, refused=False))


def _modes(directives: Iterable[Directive]) -> tuple[Directive, ...]:
    return tuple(each for each in directives if each.name in _RULES)


def _others(directives: Iterable[Directive]) -> tuple[Directive, ...]:
    return tuple(each for each in directives if each.name not in _RULES)


def _rule(directive: Directive) -> Mapping[str, Any]:
    if groups := listed(directive.arguments.get("cognito_groups")):
        return {"allow": "groups", "groups": groups, "provider": _POOLS}
    return _RULES[directive.name]
