"""Assignments to the context, which is read-only."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from localaws.appsync.javascript.errors import CodeError
from localaws.appsync.javascript.scopes import Scopes
from localaws.appsync.javascript.source import (
    Source,
    enclosing_function,
    field,
    name_of,
    text_of,
)
from localaws.appsync.javascript.syntax import lint

_HANDLERS = frozenset({"request", "response"})


def context_errors(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    """Assignments to the context and to its members; what lies deeper may be changed."""
    for node in source.nodes:
        for target in _targets(_assigned(node)):
            yield from _assignment(source, scopes, target)


def _targets(assigned: Node | None) -> Iterator[Node]:
    """What is assigned to: one name or member, or those of a pattern."""
    if assigned is None:
        return
    match assigned.type:
        case "pair_pattern":
            yield from _targets(field(assigned, "value"))
        case "array_pattern" | "object_pattern" | "rest_pattern":
            for part in assigned.named_children:
                yield from _targets(part)
        case "assignment_pattern" | "object_assignment_pattern":
            yield from _targets(field(assigned, "left"))
        case _:
            yield assigned


def _assignment(source: Source, scopes: Scopes, target: Node) -> Iterator[CodeError]:
    base = field(target, "object") if _is_member(target) else target
    if base.type != "identifier" or not _is_context(scopes, base):
        return
    name = text_of(base)
    if base.id == target.id:
        message = f"{name} is readonly and re-assignment is not supported."
    else:
        message = f"{name} is readonly. Adding/Updating {_property(target)} is not supported."
    yield lint(source, target, "no-disallowed-re-assignment", message)


def _assigned(node: Node) -> Node | None:
    match node.type:
        case "assignment_expression" | "augmented_assignment_expression":
            return field(node, "left")
        case "for_in_statement" if node.child_by_field_name("kind") is None:
            return field(node, "left")
        case "update_expression":
            return field(node, "argument")
        case "unary_expression" if field(node, "operator").type == "delete":
            return field(node, "argument")
        case _:
            return None


def _is_member(node: Node) -> bool:
    return node.type in {"member_expression", "subscript_expression"}


def _property(target: Node) -> str:
    part = target.child_by_field_name("property") or field(target, "index")
    return text_of(part).strip("'\"`")


def _is_context(scopes: Scopes, identifier: Node) -> bool:
    """Whether it names the first parameter of a function called request or response."""
    declaration = scopes.resolve(identifier)
    if declaration is None:
        return False
    function = enclosing_function(declaration.node)
    if function is None or name_of(function) not in _HANDLERS:
        return False
    parameters = function.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters and parameters.named_children else None
    return first is not None and first.id == declaration.node.id
