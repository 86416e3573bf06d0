"""Functions used as values, and functions that call themselves: the runtime has neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from localaws.appsync.javascript.surface import CALLBACK_METHODS
from localaws.appsync.javascript.syntax import lint


def function_errors(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    """Functions that are passed, returned or renamed where they may not be, and recursion."""
    yield from _recursions(source, scopes)
    for node in source.nodes:
        match node.type:
            case "call_expression":
                yield from _function_passing(source, scopes, node)
            case "return_statement" | "arrow_function":
                yield from _function_return(source, scopes, node)
            case "variable_declarator" | "assignment_expression":
                yield from _function_reassignment(source, scopes, node)


def _function_passing(source: Source, scopes: Scopes, call: Node) -> Iterator[CodeError]:
    callee, arguments = field(call, "function"), field(call, "arguments")
    if arguments.type != "arguments":
        return
    given = [node for node in arguments.named_children if scopes.function_of(node) is not None]
    if _is_refused(scopes, callee, given):
        message = "Functions can not be passed as an argument"
        yield lint(source, call, "no-function-passing", message)


def _is_refused(scopes: Scopes, callee: Node, functions: list[Node]) -> bool:
    if callee.type != "member_expression":
        return bool(functions) and scopes.function_of(callee) is not None
    # A function written in place is refused by the compiler, whatever the method.
    is_named = any(function.type == "identifier" for function in functions)
    return is_named and text_of(field(callee, "property")) not in CALLBACK_METHODS


def _function_return(source: Source, scopes: Scopes, node: Node) -> Iterator[CodeError]:
    value = node.child_by_field_name("body") or next(iter(node.named_children), None)
    if value is not None and scopes.function_of(value) is not None:
        yield lint(source, node, "no-function-return", "returning a function is not allowed")


def _function_reassignment(source: Source, scopes: Scopes, node: Node) -> Iterator[CodeError]:
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None or value.type != "identifier":
        return
    if scopes.function_of(value) is not None:
        message = "re-assigning function is not allowed"
        yield lint(source, node, "no-function-reassign", message)


# -- Recursion ----------------------------------------------------------------------------------


def _recursions(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    calls: dict[int, list[Node]] = {}
    sites: list[tuple[Node, Node, Node]] = []
    for node in source.nodes:
        if node.type != "call_expression" or (caller := enclosing_function(node)) is None:
            continue
        callee = scopes.function_of(field(node, "function"))
        if callee is not None:
            calls.setdefault(caller.id, []).append(callee)
            sites.append((node, caller, callee))
    for site, caller, callee in sites:
        path = _path(calls, callee, caller)
        if path is not None:
            names = " <-".join(name_of(function) for function in [caller, *path])
            message = f"Recursive function calls not supported. Detected cycle in {names}"
            yield lint(source, site, "no-recursion", message)


def _path(calls: Mapping[int, list[Node]], start: Node, goal: Node) -> list[Node] | None:
    """The functions called from `start` until `goal`, or None where it is never called."""
    paths, seen = [[start]], {start.id}
    for path in paths:
        if path[-1].id == goal.id:
            return path
        for function in calls.get(path[-1].id, []):
            if function.id not in seen:
                seen.add(function.id)
                paths.append([*path, function])
    return None
