"""Names and members that do not exist, as the service's type check reports them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from localaws.appsync.javascript.errors import CodeError, CodeErrorType, diagnostic
from localaws.appsync.javascript.imports import bound_offers
from localaws.appsync.javascript.scopes import Scopes
from localaws.appsync.javascript.source import (
    Source,
    ancestors,
    field,
    text_of,
)
from localaws.appsync.javascript.surface import (
    DENIED_METHODS,
    DENIED_STATICS,
    FUNCTION_METHODS,
    GLOBAL_NAMES,
    GLOBALS,
    Offer,
)
from localaws.appsync.javascript.syntax import lint


def name_errors(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    """Unknown names and members, and methods that the runtime does not have."""
    yield from _unknown_names(source, scopes)
    yield from _unknown_members(source, scopes)
    for node in source.nodes:
        if node.type == "call_expression":
            yield from _denied_methods(source, scopes, node)


def _unknown_names(source: Source, scopes: Scopes) -> Iterator[CodeError]:
    for reference in scopes.references():
        name = text_of(reference)
        if scopes.resolve(reference) is not None or _is_constructor(reference):
            continue
        if _is_callee(reference):
            # No global is a function: String(x) is refused like an unknown name.
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
    elif method in DENIED_METHODS and not (is_global and text_of(owner) == "Object"):
        yield _not_implemented(source, call, f"{DENIED_METHODS[method]}.{method}")
    elif is_global and method in DENIED_STATICS.get(text_of(owner), frozenset()):
        yield _not_implemented(source, call, f"{text_of(owner)}Constructor.{method}")


def _not_implemented(source: Source, call: Node, method: str) -> CodeError:
    return lint(source, call, "no-disallowed-methods", f"Method {method} is not implemented")
