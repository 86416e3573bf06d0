"""The text of a models' file to its definitions."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSyntaxError,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    StringValueNode,
    TokenKind,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
    value_from_ast_untyped,
)

from antipode_tools.schema.definitions import (
    Definition,
    Definitions,
    Directive,
    EnumType,
    Field,
    InterfaceType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.diagnostics import Diagnostic, Refused

# The kinds of definition that have no place in a models' file, and why not.
_NOT_HERE = {
    "scalar_type_definition": "AppSync knows no scalars but its own",
    "input_object_type_definition": "inputs are generated from the models",
    "directive_definition": "the directives are @model, @key, @index and @ttl",
    "schema_definition": "the schema is generated from the models",
}


def read(text: str) -> Definitions:
    """The definitions of a file.

    Raises:
        Refused: it is not GraphQL, or defines what has no place in it.
    """
    if _is_blank(text):
        return Definitions(())
    try:
        nodes = parse(text).definitions
    except GraphQLSyntaxError as error:
        line = error.locations[0].line if error.locations else None
        raise Refused([Diagnostic(line, f"this is not GraphQL: {error.description}")]) from error
    read = [_definition(node) for node in nodes]
    if diagnostics := [each for each in read if isinstance(each, Diagnostic)]:
        raise Refused(diagnostics)
    return Definitions(tuple(each for each in read if isinstance(each, Definition)))


def _is_blank(text: str) -> bool:
    """Whether there are comments at most: to GraphQL a document has a definition."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def _definition(node: DefinitionNode) -> Definition | Diagnostic:
    match node:
        case ObjectTypeDefinitionNode():
            return ObjectType(
                *_common(node), fields=_fields(node.fields), interfaces=_names(node.interfaces)
            )
        case InterfaceTypeDefinitionNode():
            return InterfaceType(
                *_common(node), fields=_fields(node.fields), interfaces=_names(node.interfaces)
            )
        case EnumTypeDefinitionNode():
            return EnumType(*_common(node), values=_names(node.values))
        case UnionTypeDefinitionNode():
            return UnionType(*_common(node), members=_names(node.types))
        case _:
            reason = _NOT_HERE.get(node.kind, "a models' file has types, enums, interfaces, unions")
            return Diagnostic(
                _line(node), f"{node.kind.replace('_', ' ')} has no place here: {reason}"
            )


def _common(
    node: ObjectTypeDefinitionNode
    | InterfaceTypeDefinitionNode
    | EnumTypeDefinitionNode
    | UnionTypeDefinitionNode,
) -> tuple[str, int, tuple[str, ...], tuple[Directive, ...]]:
    return node.name.value, _line(node.name), _comment(node), _directives(node.directives)


def _fields(nodes: Iterable[FieldDefinitionNode] | None) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=node.name.value,
            type=print_ast(node.type),
            line=_line(node.name),
            comment=_comment(node),
            directives=_directives(node.directives),
            has_arguments=bool(node.arguments),
        )
        for node in nodes or ()
    )


def _directives(nodes: Iterable[ConstDirectiveNode] | None) -> tuple[Directive, ...]:
    return tuple(
        Directive(
            name=node.name.value,
            arguments={
                argument.name.value: value_from_ast_untyped(argument.value)
                for argument in node.arguments or ()
            },
            line=_line(node),
        )
        for node in nodes or ()
    )


def _names(nodes: Iterable[Node] | None) -> tuple[str, ...]:
    # Named types and the values of enums: both have a name.
    return tuple(str(node.name.value) for node in nodes or () if hasattr(node, "name"))


def _line(node: Node) -> int:
    return node.loc.start_token.line if node.loc else 0


def _comment(
    node: ObjectTypeDefinitionNode
    | InterfaceTypeDefinitionNode
    | EnumTypeDefinitionNode
    | UnionTypeDefinitionNode
    | FieldDefinitionNode,
) -> tuple[str, ...]:
    """The description, or the comments on the lines right above."""
    if isinstance(node.description, StringValueNode):
        return tuple(node.description.value.splitlines())
    lines: list[str] = []
    token = node.loc.start_token if node.loc else None
    while token and (above := token.prev) and above.kind is TokenKind.COMMENT:
        alone = above.prev is None or above.prev.line < above.line
        if above.line != token.line - 1 or not alone:
            break
        lines.insert(0, (above.value or "").removeprefix(" "))
        token = above
    return tuple(lines)
