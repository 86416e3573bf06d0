"""Names and functions: what the service's type check and linter find out about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from local.appsync.javascript.errors import CodeError, CodeErrorType, diagnostic
from local.appsync.javascript.imports import bound_offers
from local.appsync.javascript.scopes import Scopes
from local.appsync.javascript.source import (
    FUNCTIONS,
    Source,
    ancestors,
    enclosing_function,
    field,
    text_of,
    walk,
)
from local.appsync.javascript.surface import (
    CALLBACK_METHODS,
    DENIED_METHODS,
    DENIED_STATICS,
    FUNCTION_METHODS,
    GLOBAL_NAMES,
    GLOBALS,
    Offer,
)
from local.appsync.javascript.syntax import lint

_HANDLERS = frozenset({"request", "response"})


def name_errors(source: Source) -> Iterator[CodeError]:
    """Unknown names and members, methods that are not there, functions used as values."""
    scopes = Scopes(source.root)
    yield from _unknown_names(source, scopes)
    yield from _unknown_members(source, scopes)
    yield from _recursions(source, scopes)
    for node in walk(source.root):
        match node.type:
            case "call_expression":
                yield from _denied_methods(source, scopes, node)
                yield from _function_passing(source, scopes, node)
            case "return_statement" | "arrow_function":
                yield from _function_return(source, scopes, node)
            case "variable_declarator" | "assignment_expression":
                yield from _function_reassignment(source, scopes, node)
        yield from _context_assignment(source, scopes, node)


# -- Names and members --------------------------------------------------------------------------


def _unknown_names(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    for reference in scopes.references():
        name = text_of(reference)
        if scopes.resolve(reference) is not None or _is_constructor(reference):
            continue
        if _is_callee(reference):
            # No global is a function: String(x) is refused like a name that nobody knows.
            yield _invalid_function(source, reference)
        elif name not in GLOBAL_NAMES:
            text = f"TS2304: Cannot find name '{name}'."
            yield diagnostic(CodeErrorType.PARSER_ERROR, source.location(reference), text)


def _is_constructor(node: Node) -> bool:
    # `new` is refused as such.
    return node.parent is not None and node.parent.type == "new_expression"


def _is_callee(node: Node) -> bool:
    parent = node.parent
    return (
        parent is not None
        and parent.type == "call_expression"
        and field(parent, "function").id == node.id
    )


def _unknown_members(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    imported = bound_offers(source)
    for reference in scopes.references():
        if reference.type != "identifier":
            continue
        offer = _offer_of(reference, scopes, imported)
        node = reference
        while offer is not None and (member := _member_of(node)) is not None:
            name = field(member, "property")
            if text_of(name) not in offer.members:
                yield _unknown_member(source, name, offer)
                break
            offer = offer.members[text_of(name)]
            node = member


def _offer_of(reference: Node, scopes: Scopes, imported: Mapping[str, Offer]) -> Offer | None:
    name = text_of(reference)
    declaration = scopes.resolve(reference)
    if declaration is None:
        return GLOBALS.get(name)
    is_import = any(parent.type == "import_statement" for parent in ancestors(declaration.node))
    return imported.get(name) if is_import else None


def _member_of(node: Node) -> Node | None:
    parent = node.parent
    if parent is None or parent.type != "member_expression":
        return None
    return parent if field(parent, "object").id == node.id else None


def _unknown_member(source: Source, name: Node, offer: Offer) -> CodeError:
    if offer.type in {"Math", "JSON"}:
        return _invalid_function(source, name)
    text = f"TS2339: Property '{text_of(name)}' does not exist on type '{offer.type}'."
    return diagnostic(CodeErrorType.PARSER_ERROR, source.location(name), text)


def _invalid_function(source: Source, name: Node) -> CodeError:
    return CodeError(
        CodeErrorType.INVALID_FUNCTION_INVOCATION,
        f"Invalid function: {text_of(name)}",
        source.location(name),
    )


def _denied_methods(source: Source, scopes: Scopes, call: Node) -> Iterator[CodeError]:
    callee = field(call, "function")
    if callee.type != "member_expression":
        return
    name, owner = field(callee, "property"), field(callee, "object")
    method = text_of(name)
    is_global = owner.type == "identifier" and scopes.resolve(owner) is None
    if method in FUNCTION_METHODS:
        yield _invalid_function(source, name)
    elif method in DENIED_METHODS:
        yield _not_implemented(source, call, f"{DENIED_METHODS[method]}.{method}")
    elif is_global and method in DENIED_STATICS.get(text_of(owner), frozenset()):
        yield _not_implemented(source, call, f"{text_of(owner)}Constructor.{method}")


def _not_implemented(source: Source, call: Node, method: str) -> CodeError:
    return lint(source, call, "no-disallowed-methods", f"Method {method} is not implemented")


# -- Functions as values ------------------------------------------------------------------------


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
    for node in walk(source.root):
        caller = enclosing_function(node)
        if node.type != "call_expression" or caller is None:
            continue
        callee = scopes.function_of(field(node, "function"))
        if callee is not None:
            calls.setdefault(caller.id, []).append(callee)
            sites.append((node, caller, callee))
    for site, caller, callee in sites:
        path = _path(calls, callee, caller)
        if path is not None:
            names = " <-".join(_function_name(function) for function in [caller, *path])
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


def _function_name(function: Node) -> str:
    name = function.child_by_field_name("name")
    parent = function.parent
    if name is None and parent is not None and parent.type == "variable_declarator":
        name = field(parent, "name")
    return text_of(name) if name is not None else "Anonymous Function"


# -- The context --------------------------------------------------------------------------------


def _context_assignment(source: Source, scopes: Scopes, node: Node) -> Iterator[CodeError]:
    target = _assigned(node)
    if target is None:
        return
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
    function = next((p for p in ancestors(declaration.node) if p.type in FUNCTIONS), None)
    if function is None or _function_name(function) not in _HANDLERS:
        return False
    parameters = function.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters and parameters.named_children else None
    return first is not None and first.id == declaration.node.id
