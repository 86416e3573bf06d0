"""Directives: which there are, where they may stand and what they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from antipode_tools.schema.auth.checks import EXAMPLE as AUTH_EXAMPLE
from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    FieldsType,
    ObjectType,
    listed,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.reading import ROOTS
from antipode_tools.schema.refused_directives import REFUSED

# The functions of one pipeline.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_STEPS = 10
# As src/authorizer takes them apart: whose, and what for.
_SCOPE = re.compile(r"[^\s:]+:[^\s:]+")

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")

_FIELD = "a field of a model"
_SERVED = "a field of Query or Mutation, or of a type"
_SOURCED = "a field of Query, Mutation or Subscription, or of a type"
_OPERATION = "a field of Query, Mutation or Subscription"
_SUBSCRIPTION = "a field of Subscription"
_ANY_FIELD = "a field"


@dataclass(frozen=True)
class _Rule:
    """Where a directive stands, what its arguments are, and an example of it."""

    place: str
    arguments: Mapping[str, Callable[[Any], bool]]
    example: str
    needed: frozenset[str] = frozenset()
    repeatable: bool = False


def is_field_name(name: object) -> bool:
    """Whether a field could be named so. `name` is whatever the author wrote."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_limit(value: object) -> bool:
    # value_from_ast_untyped makes an int of an Int.
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000


def _are_names(value: object) -> bool:
    """A field's name, or a list of them; a list of nothing is none."""
    if isinstance(value, list):
        return all(is_field_name(each) for each in value)
    return is_field_name(value)


def _are_operations(value: object) -> bool:
    """The names that @model gives to operations: a name, null, or for subscriptions a list."""
    if value is None:
        return True
    if not isinstance(value, Mapping):
        return False
    return all(each is None or _are_names(each) for each in value.values())


def _is_scope(value: object) -> bool:
    return isinstance(value, str) and _SCOPE.fullmatch(value) is not None


def _is_step(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_STEPS


def _are_texts(value: object) -> bool:
    """A text, or a list of them."""
    given = listed(value)
    return bool(given) and all(map(_is_text, given))


_RELATION = {"indexName": _is_text, "fields": _are_names, "references": _are_names}
_RULES = {
    "model": _Rule(
        "a type that has a table",
        {
            "queries": _are_operations,
            "mutations": _are_operations,
            "subscriptions": _are_operations,
            "timestamps": _are_operations,
            "onChange": _is_bool,
            "sync": _is_bool,
            "table": _is_text,
        },
        '@model(queries: { list: "listTodos" }, subscriptions: null)',
    ),
    "primaryKey": _Rule(
        _FIELD, {"sortKeyFields": _are_names}, '@primaryKey(sortKeyFields: ["at"])'
    ),
    "index": _Rule(
        _FIELD,
        {
            "name": _is_text_or_null,
            "sortKeyFields": _are_names,
            "queryField": _is_text_or_null,
            "projection": lambda value: isinstance(value, Mapping),
        },
        '@index(name: "byStatus", sortKeyFields: ["createdAt"], queryField: "todosByStatus")',
        repeatable=True,
    ),
    "hasOne": _Rule(_FIELD, {"fields": _are_names, "references": _are_names}, "@hasOne"),
    "hasMany": _Rule(
        _FIELD,
        {**_RELATION, "limit": _is_limit},
        '@hasMany(indexName: "byPost", fields: ["id"])',
    ),
    "belongsTo": _Rule(
        _FIELD,
        # Of how Amplify names an index that it makes itself.
        {"fields": _are_names, "references": _are_names, "overrideIndexName": _is_text_or_null},
        '@belongsTo(fields: ["postId"])',
    ),
    "manyToMany": _Rule(
        _FIELD,
        {"relationName": is_field_name, "limit": _is_limit},
        '@manyToMany(relationName: "PostTags")',
        needed=frozenset({"relationName"}),
    ),
    "default": _Rule(_FIELD, {"value": lambda _: True}, '@default(value: "0")'),
    "validate": _Rule(
        _FIELD,
        {"type": lambda _: True, "value": lambda _: True, "errorMessage": _is_text},
        '@validate(type: minLength, value: "3")',
        needed=frozenset({"type", "value"}),
        repeatable=True,
    ),
    "ttl": _Rule(_FIELD, {}, "@ttl"),
    "set": _Rule(_FIELD, {}, "@set"),
    "function": _Rule(
        _SERVED,
        {
            "name": _is_text,
            "invocationType": lambda value: value in ("RequestResponse", "Event"),
            "region": lambda value: value is None,
            "accountId": lambda value: value is None,
        },
        '@function(name: "Invite"), of the Region and the account that the API is in',
        needed=frozenset({"name"}),
        repeatable=True,
    ),
    "source": _Rule(
        _SOURCED,
        {"model": _is_text, "function": _is_text, "step": _is_step},
        '@source(model: "Card"), @source(function: "Charge", step: 2)',
        repeatable=True,
    ),
    "scope": _Rule(
        _OPERATION, {"name": _is_scope}, '@scope(name: "Card:write")', needed=frozenset({"name"})
    ),
    "aws_subscribe": _Rule(
        _SUBSCRIPTION,
        {"mutations": _are_texts},
        '@aws_subscribe(mutations: ["ring"])',
        needed=frozenset({"mutations"}),
    ),
    "auth": _Rule(
        "a model, a field of one, or an operation of your own",
        # Looked at one by one by auth/checks.py.
        {"rules": lambda _: True},
        AUTH_EXAMPLE,
        needed=frozenset({"rules"}),
    ),
    "deprecated": _Rule(_ANY_FIELD, {"reason": _is_text}, '@deprecated(reason: "use name")'),
}
# Of arguments that the example of the directive has not.
_EXAMPLES = {
    "onChange": "@model(onChange: true)",
    "sync": "@model(sync: true)",
    "table": '@model(table: "Todo-abc123-prod")',
    "timestamps": '@model(timestamps: { createdAt: "madeAt", updatedAt: null })',
    "mutations": '@model(mutations: { create: "addTodo", delete: null })',
    "subscriptions": '@model(subscriptions: { onCreate: ["onAddTodo"], level: public })',
    "limit": "a number from 1 to 1000",
}
# Arguments that there were.
_GONE = {
    ("model", "owner"): "which is a rule: @auth(rules: [{ allow: owner }]) beside it, with "
    'ownerField: "..." where the field is not called owner',
}
DIRECTIVES = tuple(_RULES)
_RELATIONS = ("hasOne", "hasMany", "belongsTo", "manyToMany")
_PARTS = {
    "queries": {"get", "list", "sync"},
    "mutations": {"create", "update", "delete"},
    "subscriptions": {"onCreate", "onUpdate", "onDelete", "level"},
    "timestamps": {"createdAt", "updatedAt"},
}
_LEVELS = ("off", "public", "on")


def check_directives(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the directives of a file."""
    for definition in definitions.all:
        yield from check_uses(definition.name, definition.directives, allowed_on(definition))
    for root in definitions.roots:
        yield from check_uses(root.name, root.directives, set())
    for definition in (*definitions.with_fields, *definitions.roots):
        for field in definition.fields:
            path = f"{definition.name}.{field.name}"
            yield from check_uses(path, field.directives, allowed_on_fields(definition))
            yield from _check_one_relation(path, field.directives)
            for argument in field.arguments:
                yield from check_uses(f"{path}({argument.name}:)", argument.directives, set())
    for input_ in definitions.inputs:
        for argument in input_.fields:
            path = f"{input_.name}.{argument.name}"
            yield from check_uses(path, argument.directives, {"deprecated"})
    for model in definitions.models:
        yield from _check_one(model, "ttl", "a table has one time to live")
        yield from _check_one(model, "primaryKey", "name its other fields in sortKeyFields")


def allowed_on(definition: Definition) -> set[str]:
    """The directives that may be on a type."""
    if not isinstance(definition, ObjectType):
        return set()
    return {"model", "auth"} if definition.is_model else {"model"}


def allowed_on_fields(definition: FieldsType) -> set[str]:
    """The directives that may be on the fields of a type."""
    places = {_ANY_FIELD}
    if definition.name == "Subscription":
        places |= {_OPERATION, _SOURCED, _SUBSCRIPTION}
    elif definition.name in ROOTS:
        places |= {_OPERATION, _SOURCED, _SERVED}
    elif isinstance(definition, ObjectType):
        places |= {_SOURCED, _SERVED, *([_FIELD] if definition.is_model else [])}
    ruled = {"auth"} if _OPERATION in places or _FIELD in places else set[str]()
    return ruled | {name for name, rule in _RULES.items() if rule.place in places}


def check_uses(
    path: str, directives: Iterable[Directive], allowed: set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with the directives of one type or field, on which those `allowed` may be."""
    seen: set[str] = set()
    for directive in directives:
        name, line = directive.name, directive.line
        rule = _RULES.get(name)
        if rule is None:
            reason = REFUSED.get(name)
            known = ", ".join(f"@{each}" for each in _RULES)
            yield Diagnostic(
                line, f"{path} has @{name}, {reason or f'and the directives are {known}'}"
            )
        elif name not in allowed:
            yield Diagnostic(line, f"{path} has @{name}, which is for {rule.place}")
        elif name in seen and not rule.repeatable:
            yield Diagnostic(line, f"{path} has @{name} twice")
        else:
            yield from _check_arguments(path, directive, rule)
        seen.add(name)


def _check_arguments(path: str, directive: Directive, rule: _Rule) -> Iterator[Diagnostic]:
    for argument, value in directive.arguments.items():
        yield from check_argument(path, directive, argument, value)
    for argument in sorted(rule.needed - directive.arguments.keys()):
        yield Diagnostic(
            directive.line, f"{path} has @{directive.name} without {argument}: {rule.example}"
        )


def check_argument(
    path: str, directive: Directive, argument: str, value: Any
) -> Iterator[Diagnostic]:
    """What is wrong with one argument of a directive; nothing with one of an unknown directive."""
    name, line = directive.name, directive.line
    rule = _RULES.get(name)
    check = rule.arguments.get(argument) if rule else None
    if rule is None:
        return
    if check is None:
        mend = _GONE.get((name, argument), "which it does not take")
        yield Diagnostic(line, f"{path} has @{name} with {argument}, {mend}")
    elif not check(value):
        yield Diagnostic(
            line,
            f"{path} has @{name}({argument}:) with a value that it does not take: "
            f"{_EXAMPLES.get(argument, rule.example)}",
        )
    elif name == "model" and argument in _PARTS and value:
        yield from _check_parts(path, argument, value, line)


def _check_parts(
    path: str, argument: str, value: Mapping[str, Any], line: int
) -> Iterator[Diagnostic]:
    for part in sorted(value.keys() - _PARTS[argument]):
        yield Diagnostic(
            line,
            f"{path} has @model({argument}:) with {part}: it takes "
            f"{', '.join(sorted(_PARTS[argument]))}",
        )
    if value.get("level", "on") not in _LEVELS:
        yield Diagnostic(line, f"{path} has a level that is not one of {', '.join(_LEVELS)}")
    for part, name in value.items():
        if isinstance(name, list) and argument != "subscriptions":
            yield Diagnostic(line, f"{path} has several names for {part}: an operation has one")


def _check_one_relation(path: str, directives: Iterable[Directive]) -> Iterator[Diagnostic]:
    found = [each for each in directives if each.name in _RELATIONS]
    for other in found[1:]:
        if other.name != found[0].name:
            yield Diagnostic(
                other.line, f"{path} has @{found[0].name} and @{other.name}: a field has one"
            )


def _check_one(model: ObjectType, name: str, otherwise: str) -> Iterator[Diagnostic]:
    fields = [field for field in model.fields if directive_of(field.directives, name)]
    for field in fields[1:]:
        yield Diagnostic(
            field.line,
            f"{model.name}.{field.name} has @{name} as {model.name}.{fields[0].name} has: "
            f"{otherwise}",
        )
