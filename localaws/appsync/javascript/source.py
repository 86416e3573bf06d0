"""A resolver's code as a syntax tree, with places counted the way the service counts them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tree_sitter import Language, Node, Parser
from tree_sitter_javascript import language

from localaws.appsync.javascript.errors import Location

JAVASCRIPT = Language(language())

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)


class Source:
    """One piece of code and its tree."""

    def __init__(self, code: str) -> None:
        self.code = code.encode()
        self.root = Parser(JAVASCRIPT).parse(self.code).root_node
        self._lines = self.code.split(b"\n")

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All of the tree, in the order of the code: to walk it takes as long as to look at it."""
        return tuple(walk(self.root))

    def location(self, node: Node) -> Location:
        """Where a node begins, and its length where it is on one line (else -1)."""
        row, offset = node.start_point
        column = len(self._lines[row][:offset].decode()) + 1
        text = text_of(node)
        return Location(row + 1, column, -1 if "\n" in text else len(text))


def text_of(node: Node) -> str:
    """The code of a node."""
    return (node.text or b"").decode()


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, in the order of the code."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def ancestors(node: Node) -> Iterator[Node]:
    """What encloses a node, from the inside out."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def enclosing_function(node: Node) -> Node | None:
    """The innermost function around a node, if any."""
    return next((parent for parent in ancestors(node) if parent.type in FUNCTIONS), None)


def field(node: Node, name: str) -> Node:
    """A field that the grammar requires of a node that parsed without error."""
    child = node.child_by_field_name(name)
    if child is None:
        raise LookupError(f"{node.type} has no {name}: {text_of(node)}")
    return child


def name_of(function: Node) -> str:
    """What the code calls a function."""
    name = function.child_by_field_name("name")
    parent = function.parent
    if name is None and parent is not None and parent.type == "variable_declarator":
        name = field(parent, "name")
    return text_of(name) if name is not None else "Anonymous Function"
