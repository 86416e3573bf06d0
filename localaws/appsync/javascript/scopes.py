"""Which names the code declares where, and what an identifier refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from localaws.appsync.javascript.source import (
    FUNCTIONS,
    Source,
    ancestors,
    field,
    text_of,
)

_BLOCKS = FUNCTIONS | {
    "catch_clause",
    "for_in_statement",
    "for_statement",
    "program",
    "statement_block",
    "switch_body",
}
_FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "function_declaration"})
_BINDINGS = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_REFERENCES = frozenset({"identifier", "shorthand_property_identifier"})


@dataclass(frozen=True)
class Declaration:
    """Where a name is declared, and the expression that it is given, if any."""

    node: Node
    value: Node | None = None

    @property
    def function(self) -> Node | None:
        """The function that the name refers to, if it refers to one."""
        is_function = self.value is not None and self.value.type in _FUNCTION_VALUES
        return self.value if is_function else None


class Scopes:
    """Every declaration of a program, by the scope it is visible in."""

    def __init__(self, source: Source) -> None:
        self._names: dict[int, dict[str, Declaration]] = {}
        self._bindings: set[int] = set()
        self._source = source
        for node in source.nodes:
            self._enter(node)

    def resolve(self, reference: Node) -> Declaration | None:
        """What an identifier refers to; None where the code does not declare it."""
        name = text_of(reference)
        for scope in ancestors(reference):
            declaration = self._names.get(scope.id, {}).get(name)
            if declaration is not None:
                return declaration
        return None

    def function_of(self, node: Node) -> Node | None:
        """The function that an expression is or names."""
        if node.type in _FUNCTION_VALUES:
            return node
        if node.type not in _REFERENCES:
            return None
        declaration = self.resolve(node)
        return declaration.function if declaration else None

    def references(self) -> Iterator[Node]:
        """Identifiers that refer to a value, declarations left out."""
        for node in self._source.nodes:
            if node.type in _REFERENCES and node.id not in self._bindings:
                yield node

    def _enter(self, node: Node) -> None:
        if node.type in FUNCTIONS:
            self._declare_field(node, "parameters")
        match node.type:
            case "function_declaration" | "generator_function_declaration" | "class_declaration":
                self._declare(_block(node), field(node, "name"), node)
            case "variable_declarator":
                self._enter_variable(node)
            case "for_in_statement" if node.child_by_field_name("kind") is not None:
                self._declare_all(node, field(node, "left"))
            case "import_specifier":
                self._bind_import(node, node.child_by_field_name("alias") or field(node, "name"))
            case "namespace_import":
                self._bind_import(node, node.children[-1])
            case "import_clause" if node.children[0].type == "identifier":
                self._bind_import(node, node.children[0])
            case "export_specifier":
                self._ignore_alias(node)
            case "catch_clause" | "arrow_function":
                self._declare_field(node, "parameter")
            case "function_expression" if node.child_by_field_name("name") is not None:
                self._declare(node, field(node, "name"), node)

    def _enter_variable(self, node: Node) -> None:
        is_var = node.parent is not None and node.parent.type == "variable_declaration"
        scope = _function_scope(node) if is_var else _block(node)
        name = field(node, "name")
        if name.type == "identifier":
            self._declare(scope, name, node.child_by_field_name("value"))
        else:
            self._declare_all(scope, name)

    def _bind_import(self, node: Node, name: Node) -> None:
        for child in node.children:
            self._bindings.add(child.id)
        self._declare(self._source.root, name, None)

    def _ignore_alias(self, node: Node) -> None:
        alias = node.child_by_field_name("alias")
        if alias is not None:
            self._bindings.add(alias.id)

    def _declare_field(self, scope: Node, name: str) -> None:
        pattern = scope.child_by_field_name(name)
        if pattern is not None:
            self._declare_all(scope, pattern)

    def _declare_all(self, scope: Node, pattern: Node) -> None:
        for name in _bound_names(pattern):
            self._declare(scope, name, None)

    def _declare(self, scope: Node, name: Node, value: Node | None) -> None:
        self._bindings.add(name.id)
        self._names.setdefault(scope.id, {})[text_of(name)] = Declaration(name, value)


def _block(node: Node) -> Node:
    return next(parent for parent in ancestors(node) if parent.type in _BLOCKS)


def _function_scope(node: Node) -> Node:
    scopes = FUNCTIONS | {"program"}
    return next(parent for parent in ancestors(node) if parent.type in scopes)


def _bound_names(pattern: Node) -> Iterator[Node]:
    if pattern.type in _BINDINGS:
        yield pattern
        return
    match pattern.type:
        case "pair_pattern":
            parts = [field(pattern, "value")]
        case "assignment_pattern" | "object_assignment_pattern":
            parts = [field(pattern, "left")]
        case "object_pattern" | "array_pattern" | "rest_pattern" | "formal_parameters":
            parts = pattern.named_children
        case _:
            parts = []
    for part in parts:
        yield from _bound_names(part)
