"""Types that a file declares and that are generated too, as Amplify lets files declare them: the
generated one stands for both, where it has all that the file's has."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

from antipode_tools.schema.blocks import Block
from antipode_tools.schema.diagnostics import Diagnostic


def without_doubles(written: Iterable[Block]) -> tuple[list[Block], list[Diagnostic]]:
    """The definitions without those of the file that a generated one stands for, and what is told
    of these. Others of one name are left as they are."""
    kept, told = list(written), []
    own = {block.name: block for block in kept if _is_own(block)}
    for block in [each for each in kept if each.name in own and not _is_own(each)]:
        double = own[block.name]
        if double in kept and double.origin and _has_all(block, double):
            kept.remove(double)
            message = f"{block.name} is generated, and so is left out here: take it out"
            told.append(Diagnostic(double.origin.line, message, refused=False))
    return kept, told


def _is_own(block: Block) -> bool:
    return block.origin is not None and block.origin.name == block.name


def _has_all(generated: Block, double: Block) -> bool:
    one, other = (parse(each.text).definitions[0] for each in (generated, double))
    return one.kind == other.kind and _members(other) <= _members(one)


def _members(node: DefinitionNode) -> set[tuple[str, str]]:
    """The fields with their types, but for what must be given or may be null; or the values."""
    match node:
        case EnumTypeDefinitionNode(values=values):
            return {(each.name.value, "") for each in values or ()}
        case ObjectTypeDefinitionNode() | InputObjectTypeDefinitionNode():
            types = ((each.name.value, print_ast(each.type)) for each in node.fields or ())
            return {(name, its.replace("!", "")) for name, its in types}
        case _:
            return {(print_ast(node), "")}
