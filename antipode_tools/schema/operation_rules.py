"""Operations of the user's own, and other fields that the user's code serves: what serves them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from antipode_tools.schema.auth.fields import deciding
from antipode_tools.schema.definitions import Definitions, Directive, Field, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.directives import RELATIONS, directive_of, index_directives, sort_names
from antipode_tools.schema.keys import key_names
from antipode_tools.schema.operation_resources import functions_of
from antipode_tools.schema.resolved import FOLDER, Resolved, is_resolved, parsed
from antipode_tools.schema.vocabulary import MAX_STEPS

# What a field has that items hold.
_STORED = ("primaryKey", "index", "ttl", "default", "validate", *RELATIONS, "manyToMany")


def check_served(definitions: Definitions, files: Iterable[str]) -> Iterator[Diagnostic]:
    """What is wrong with the sources, the functions and the files of fields. The directives must be
    right."""
    numbers = _numbers(files)
    for type_ in (*definitions.roots, *_objects(definitions)):
        for field in type_.fields:
            path = f"{type_.name}.{field.name}"
            found = numbers.get(path, [])
            yield from _check_files(path, field, found)
            yield from _check_sources(definitions, path, field, found)
            if type_ not in definitions.roots and is_resolved(field):
                yield from _check_stored(type_, field)


def unserved(resolved: Iterable[Resolved]) -> Iterator[Diagnostic]:
    """Fields that nothing serves: AppSync answers them with null."""
    for each in resolved:
        if not each.steps:
            yield Diagnostic(
                each.field.line,
                f"{each.path} has no resolver, and is null: write {FOLDER}/{each.path}.js, or name "
                'a function of template.yaml, @function(name: "...")',
                refused=False,
            )


def unserving(definitions: Definitions, files: Iterable[str]) -> Iterator[Diagnostic]:
    """Files that serve nothing."""
    served = {
        f"{type_.name}.{field.name}"
        for type_ in (*definitions.roots, *_objects(definitions))
        for field in type_.fields
    }
    for file in sorted(files):
        found = parsed(file)
        if found is None:
            why = (
                "is named for no field: Mutation.moveCard.js serves moveCard of Mutation, and "
                "Mutation.checkout.1.js, Mutation.checkout.2.js are steps one after the other"
            )
            yield Diagnostic(None, f"{FOLDER}/{file} {why}", refused=False)
        elif found[0] not in served:
            yield Diagnostic(
                None,
                f"{FOLDER}/{file} serves {found[0]}, which is no field of models.graphql: declare "
                "it there, or remove the file",
                refused=False,
            )


def unannounced(resolved: Iterable[Resolved]) -> Iterator[Diagnostic]:
    """Fields of types that are computed by what a client gives, which announcements cannot."""
    for each in resolved:
        needed = [argument for argument in each.field.arguments if _is_needed(argument.type)]
        given = [argument.name for argument in needed if argument.default is None]
        if given and not each.is_operation:
            yield Diagnostic(
                each.field.line,
                f"{each.path} needs {', '.join(given)}, and so is null in announcements, where "
                "nobody gives arguments: make them optional, or have clients query for it",
                refused=False,
            )


def check_functions(resolved: Iterable[Resolved], ids: Collection[str]) -> None:
    """Raises Refused for functions that the template, which has the resources `ids`, has not."""
    missing = [
        Diagnostic(
            each.field.line,
            f"{each.path} calls the function {id_}, which template.yaml has not: add it, as "
            "examples/board shows",
        )
        for id_, each in functions_of(resolved).items()
        if id_ not in ids
    ]
    if missing:
        raise Refused(missing)


def _objects(definitions: Definitions) -> Iterator[ObjectType]:
    return (each for each in definitions.all if isinstance(each, ObjectType))


def _is_needed(type_: str) -> bool:
    return type_.endswith("!")


def _numbers(files: Iterable[str]) -> Mapping[str, list[int | None]]:
    """The steps of each field that files are for; None of a file without a number."""
    found: dict[str, list[int | None]] = {}
    for file in files:
        if its := parsed(file):
            found.setdefault(its[0], []).append(its[1])
    return found


def _check_files(path: str, field: Field, numbers: list[int | None]) -> Iterator[Diagnostic]:
    line = field.line
    steps = sorted(number for number in numbers if number)
    if steps and None in numbers:
        yield Diagnostic(
            line,
            f"{path} is served by {path}.js and by steps beside it: number them all, {path}.1.js "
            "for the first",
        )
    elif steps and steps != list(range(1, len(steps) + 1)):
        yield Diagnostic(
            line,
            f"{path} has the steps {', '.join(map(str, steps))}: number them from 1 on, without a "
            "gap",
        )
    functions = sum(each.name == "function" for each in field.directives)
    if functions and numbers:
        yield Diagnostic(
            line,
            f"{path} has @function, and {FOLDER}/{path}...js beside it: name the function as the "
            'source of a step, @source(function: "...", step: 1), or remove the file',
        )
    if (number := max(len(steps), functions)) > MAX_STEPS:
        yield Diagnostic(line, f"{path} has {number} steps, and AppSync takes {MAX_STEPS}")


def _check_sources(
    definitions: Definitions, path: str, field: Field, numbers: list[int | None]
) -> Iterator[Diagnostic]:
    models = {type_.name for type_ in definitions.models}
    steps: set[int | None] = set()
    for directive in field.directives:
        if directive.name != "source":
            continue
        line, its = directive.line, directive.arguments
        if ("model" in its) == ("function" in its):
            yield Diagnostic(line, f"{path} has @source, which is of one model or of one function")
        if (model := its.get("model")) and model not in models:
            yield Diagnostic(
                line, f"{path} has @source(model: {model}), which is no model of this file"
            )
        step = its.get("step")
        if step in steps:
            which = "every step" if step is None else f"step {step}"
            yield Diagnostic(line, f"{path} has two sources for {which}")
        steps.add(step)
        if step and numbers and step > len(numbers):
            yield Diagnostic(
                line, f"{path} has a source for step {step}, and {len(numbers)} steps in {FOLDER}"
            )
        yield from _check_function(path, field, directive)


def _check_function(path: str, field: Field, source: Directive) -> Iterator[Diagnostic]:
    if directive_of(field.directives, "function"):
        yield Diagnostic(
            source.line, f"{path} has @function and @source: a function is a source by itself"
        )


def _check_stored(type_: ObjectType, field: Field) -> Iterator[Diagnostic]:
    """A field that is computed is no part of an item."""
    path, line = f"{type_.name}.{field.name}", field.line
    if other := next((each for each in field.directives if each.name in _STORED), None):
        yield Diagnostic(
            line, f"{path} is computed, and has @{other.name}, which is for what is stored"
        )
    elif field.name in _keyed(type_):
        yield Diagnostic(line, f"{path} is computed, and in a key, which items hold")


def _keyed(type_: ObjectType) -> set[str]:
    if not type_.is_model:
        return set()
    indexed = (name for _, index in index_directives(type_) for name in sort_names(index))
    return {*key_names(type_), *indexed, *deciding(type_)}
