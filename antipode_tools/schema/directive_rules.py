"""What is wrong with the directives of a file, by the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    FieldsType,
    ObjectType,
)
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import directive_of
from antipode_tools.schema.reading import ROOTS
from antipode_tools.schema.refused_directives import REFUSED
from antipode_tools.schema.vocabulary import (
    ANY_FIELD,
    EXAMPLES,
    FIELD,
    GONE,
    LEVELS,
    OPERATION,
    PARTS,
    RULES,
    SERVED,
    SOURCED,
    SUBSCRIPTION,
    Rule,
)

_RELATIONS = ("hasOne", "hasMany", "belongsTo", "manyToMany")


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
    places = {ANY_FIELD}
    if definition.name == "Subscription":
        places |= {OPERATION, SOURCED, SUBSCRIPTION}
    elif definition.name in ROOTS:
        places |= {OPERATION, SOURCED, SERVED}
    elif isinstance(definition, ObjectType):
        places |= {SOURCED, SERVED, *([FIELD] if definition.is_model else [])}
    ruled = {"auth"} if OPERATION in places or FIELD in places else set[str]()
    return ruled | {name for name, rule in RULES.items() if rule.place in places}


def check_uses(
    path: str, directives: Iterable[Directive], allowed: set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with the directives of one type or field, on which those `allowed` may be."""
    seen: set[str] = set()
    for directive in directives:
        name, line = directive.name, directive.line
        rule = RULES.get(name)
        if rule is None:
            reason = REFUSED.get(name)
            known = ", ".join(f"@{each}" for each in RULES)
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


def _check_arguments(path: str, directive: Directive, rule: Rule) -> Iterator[Diagnostic]:
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
    rule = RULES.get(name)
    check = rule.arguments.get(argument) if rule else None
    if rule is None:
        return
    if check is None:
        mend = GONE.get((name, argument), "which it does not take")
        yield Diagnostic(line, f"{path} has @{name} with {argument}, {mend}")
    elif not check(value):
        yield Diagnostic(
            line,
            f"{path} has @{name}({argument}:) with a value that it does not take: "
            f"{EXAMPLES.get(argument, rule.example)}",
        )
    elif name == "model" and argument in PARTS and value:
        yield from _check_parts(path, argument, value, line)


def _check_parts(
    path: str, argument: str, value: Mapping[str, Any], line: int
) -> Iterator[Diagnostic]:
    for part in sorted(value.keys() - PARTS[argument]):
        yield Diagnostic(
            line,
            f"{path} has @model({argument}:) with {part}: it takes "
            f"{', '.join(sorted(PARTS[argument]))}",
        )
    if value.get("level", "on") not in LEVELS:
        yield Diagnostic(line, f"{path} has a level that is not one of {', '.join(LEVELS)}")
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
