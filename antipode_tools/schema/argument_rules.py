"""What is given and generated: arguments, inputs, and the types that only the schema has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from antipode_tools.schema.blocks import Block
from antipode_tools.schema.definitions import Argument, Definitions, EnumType, InputType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.scalars import SCALARS

UNKNOWN = (
    f"which is neither a type of this file nor a scalar of AppSync: those are {', '.join(SCALARS)}"
)


def check_inputs(definitions: Definitions) -> Iterator[Diagnostic]:
    """Arguments and fields of inputs of which nobody could give a value."""
    for definition in (*definitions.with_fields, *definitions.roots):
        for field in definition.fields:
            path = f"{definition.name}.{field.name}"
            yield from _check_arguments(definitions, path, field.arguments)
    for input_ in definitions.inputs:
        yield from _check_arguments(definitions, input_.name, input_.fields)
    yield from _circles(definitions)


def _check_arguments(
    definitions: Definitions, path: str, arguments: Iterable[Argument]
) -> Iterator[Diagnostic]:
    """What arguments, and fields of inputs, are: no outputs."""
    for argument in arguments:
        found = definitions.by_name.get(argument.named)
        if found and not isinstance(found, InputType | EnumType):
            yield Diagnostic(
                argument.line,
                f"{path} takes {argument.name}, which is {argument.named}: what is given is a "
                "scalar, an enum or an input. Define an input with what is wanted of it",
            )


def check_generated(definitions: Definitions, written: Iterable[Block]) -> Iterator[Diagnostic]:
    """Types that are neither in the file nor generated."""
    generated = {block.name: "\ninput " in f"\n{block.text}" for block in written}
    for definition in (*definitions.with_fields, *definitions.roots):
        for field in definition.fields:
            path = f"{definition.name}.{field.name}"
            if _is_no(generated, definitions, field.named, as_input=False):
                yield Diagnostic(field.line, f"{path} is {field.named}, {UNKNOWN}")
            yield from _unknown_arguments(generated, definitions, path, field.arguments)
    for input_ in definitions.inputs:
        yield from _unknown_arguments(generated, definitions, input_.name, input_.fields)


def _unknown_arguments(
    generated: Mapping[str, bool],
    definitions: Definitions,
    path: str,
    arguments: Iterable[Argument],
) -> Iterator[Diagnostic]:
    for argument in arguments:
        if _is_no(generated, definitions, argument.named, as_input=True):
            yield Diagnostic(
                argument.line,
                f"{path} takes {argument.name}, which is {argument.named}, {UNKNOWN}",
            )


def _is_no(
    generated: Mapping[str, bool], definitions: Definitions, named: str, *, as_input: bool
) -> bool:
    """Whether no type of this name can stand there. The enums that are generated can, anywhere."""
    if named in SCALARS or named in definitions.by_name:
        return False
    is_enum = named in ("ModelSortDirection", "ModelAttributeTypes", "ChangeKind")
    return generated.get(named) is not as_input and not is_enum


def _circles(definitions: Definitions) -> Iterator[Diagnostic]:
    """Inputs that need themselves: nobody could write one. A list of them can be empty."""
    needed = {
        input_.name: [each.type[:-1] for each in input_.fields if each.type.endswith("!")]
        for input_ in definitions.inputs
    }
    for input_ in definitions.inputs:
        above, waiting = set[str](), list(needed[input_.name])
        while waiting:
            name = waiting.pop()
            if name not in above:
                above.add(name)
                waiting.extend(needed.get(name, ()))
        if input_.name in above:
            yield Diagnostic(
                input_.line,
                f"{input_.name} needs another {input_.name} within itself, without end: take the "
                "! off a field on the way",
            )
