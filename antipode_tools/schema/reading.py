"""The text of a models' file to its definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TokenKind,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
    value_from_ast_untyped,
)

from antipode_tools.schema.definitions import (
    Argument,
    Definition,
    Definitions,
    Directive,
    EnumType,
    Field,
    InputType,
    InterfaceType,
    ObjectType,
    UnionType,
)
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.whole_file import with_said

ROOTS = ("Query", "Mutation", "Subscription")

# `implements A, B`, as GraphQL had it before 2018 and some files still have it.
_COMMA = re.compile(r"(?P<head>\bimplements\s+&?\s*\w+(?:\s*[&,]\s*\w+)*?\s*),(?=\s*\w+\s*[&,{@])")


def read(text: str) -> Definitions:
    """The definitions of a file. What defines nothing that has a place there is told of.

    Raises:
        Refused: it is not GraphQL.
    """
    if _is_blank(text):
        return Definitions(())
    mended, told = without_commas(text)
    read = list(_all(parsed(mended)))
    told.extend(each for each in read if isinstance(each, Diagnostic))
    found = [each for each in read if isinstance(each, Definition)]
    roots = [each for each in found if isinstance(each, ObjectType) and each.name in ROOTS]
    return with_said(
        Definitions(
            all=tuple(each for each in found if each not in roots),
            roots=tuple(roots),
            told=tuple(told),
        )
    )


def _is_blank(text: str) -> bool:
    """Whether there are comments at most: to GraphQL a document has a definition."""
    lines = text.removeprefix("\ufeff").splitlines()
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)


def parsed(text: str) -> DocumentNode:
    """The syntax of a file that has definitions.

    Raises:
        Refused: it is not GraphQL.
    """
    try:
        return parse(text)
    except GraphQLSyntaxError as error:
        line = error.locations[0].line if error.locations else None
        raise Refused([Diagnostic(line, f"this is not GraphQL: {error.description}")]) from error


def without_commas(text: str) -> tuple[str, list[Diagnostic]]:
    """The text with & between interfaces."""
    warnings = []
    while found := _COMMA.search(text):
        line = text.count("\n", 0, found.end()) + 1
        warnings.append(
            Diagnostic(
                line, "a comma stands between interfaces, read as &: write A & B", refused=False
            )
        )
        text = f"{text[: found.end() - 1]}&{text[found.end() :]}"
    return text, list(dict.fromkeys(warnings))


def _all(document: DocumentNode) -> Iterator[Definition | Diagnostic]:
    """The definitions, each with what `extend` adds to it."""
    nodes = document.definitions
    extensions = [node for node in nodes if isinstance(node, ObjectTypeExtensionNode)]
    named = {node.name.value for node in nodes if isinstance(node, ObjectTypeDefinitionNode)}
    for node in nodes:
        match node:
            case ObjectTypeExtensionNode(name=name):
                # A root that is extended and defined nowhere is as good as defined.
                if name.value in ROOTS and name.value not in named:
                    named.add(name.value)
                    yield _extended(_object(node), extensions[extensions.index(node) + 1 :])
                elif name.value not in named:
                    yield Diagnostic(
                        _line(node), f"{name.value} is extended and defined nowhere: define it"
                    )
            case ObjectTypeDefinitionNode():
                yield _extended(_object(node), extensions)
            case _:
                yield from _definition(node)


def _extended(type_: ObjectType, extensions: Iterable[ObjectTypeExtensionNode]) -> ObjectType:
    for node in extensions:
        if node.name.value == type_.name:
            more = _object(node)
            type_ = replace(
                type_,
                fields=(*type_.fields, *more.fields),
                directives=(*type_.directives, *more.directives),
                interfaces=(*type_.interfaces, *more.interfaces),
            )
    return type_


def _object(node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> ObjectType:
    return ObjectType(
        name=node.name.value,
        line=_line(node.name),
        comment=_comment(node) if isinstance(node, ObjectTypeDefinitionNode) else (),
        directives=_directives(node.directives),
        fields=_fields(node.fields),
        interfaces=_names(node.interfaces),
    )


def _definition(node: DefinitionNode) -> Iterator[Definition | Diagnostic]:
    """What a definition is: nothing of one that says what AppSync says already."""
    match node:
        case InterfaceTypeDefinitionNode():
            yield InterfaceType(
                *_common(node), fields=_fields(node.fields), interfaces=_names(node.interfaces)
            )
        case EnumTypeDefinitionNode():
            yield EnumType(*_common(node), values=_names(node.values))
        case UnionTypeDefinitionNode():
            yield UnionType(*_common(node), members=_names(node.types))
        case InputObjectTypeDefinitionNode():
            yield InputType(*_common(node), fields=_arguments(node.fields))
        case ScalarTypeDefinitionNode():
            if node.name.value not in SCALARS:
                yield Diagnostic(
                    _line(node),
                    f"{node.name.value} is a scalar that AppSync has not: its own are "
                    f"{', '.join(SCALARS)}",
                )
        case SchemaDefinitionNode():
            yield from _roots(node)
        case DirectiveDefinitionNode():
            yield Diagnostic(
                _line(node),
                f"@{node.name.value} is defined here, which is left out: what directives there "
                "are is not the file's to say",
                refused=False,
            )
        case _:
            yield Diagnostic(
                _line(node),
                f"{node.kind.replace('_', ' ')} has no place here: a models' file has types, "
                "inputs, enums, interfaces, unions, and types that are extended",
            )


def _roots(node: SchemaDefinitionNode) -> Iterator[Diagnostic]:
    for root in node.operation_types:
        usual, name = root.operation.value.capitalize(), root.type.name.value
        if name != usual:
            yield Diagnostic(
                _line(root), f"the schema's {root.operation.value} is {name}: name it {usual}"
            )


def _common(
    node: InterfaceTypeDefinitionNode
    | EnumTypeDefinitionNode
    | UnionTypeDefinitionNode
    | InputObjectTypeDefinitionNode,
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
            arguments=_arguments(node.arguments),
        )
        for node in nodes or ()
    )


def _arguments(nodes: Iterable[InputValueDefinitionNode] | None) -> tuple[Argument, ...]:
    return tuple(
        Argument(
            name=node.name.value,
            type=print_ast(node.type),
            line=_line(node.name),
            default=print_ast(node.default_value) if node.default_value else None,
            directives=_directives(node.directives),
        )
        for node in nodes or ()
    )


def _directives(nodes: Iterable[ConstDirectiveNode] | None) -> tuple[Directive, ...]:
    return tuple(directive(node) for node in nodes or ())


def directive(node: ConstDirectiveNode) -> Directive:
    """A use of a directive, as it stands in the file."""
    return Directive(
        name=node.name.value,
        arguments={
            argument.name.value: value_from_ast_untyped(argument.value)
            for argument in node.arguments or ()
        },
        line=_line(node),
    )


def _names(nodes: Iterable[Node] | None) -> tuple[str, ...]:
    # Named types and the values of enums: both have a name.
    return tuple(str(node.name.value) for node in nodes or () if hasattr(node, "name"))


def _line(node: Node) -> int:
    return node.loc.start_token.line if node.loc else 0


def _comment(node: Node) -> tuple[str, ...]:
    """The description, or the comments on the lines right above."""
    description = getattr(node, "description", None)
    if isinstance(description, StringValueNode):
        return tuple(description.value.splitlines())
    lines: list[str] = []
    token = node.loc.start_token if node.loc else None
    while token and (above := token.prev) and above.kind is TokenKind.COMMENT:
        alone = above.prev is None or above.prev.line < above.line
        if above.line != token.line - 1 or not alone:
            break
        lines.insert(0, (above.value or "").removeprefix(" "))
        token = above
    return tuple(lines)
