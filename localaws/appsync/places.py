"""Where the nodes of a document are, as the service's errors name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    Node,
    ObjectFieldNode,
    ValueNode,
    Visitor,
    visit,
)


def locations_of(*nodes: Node) -> list[Mapping[str, Any]]:
    """The nodes' locations in the service's form."""
    return [
        {"line": found.line, "column": found.column, "sourceName": None}
        for node in nodes
        if node.loc and (found := node.loc.source.get_location(node.loc.start))
    ]


@dataclass(frozen=True)
class Place:
    """Where a node is: the fields that enclose it, and the argument with its input fields.
    `value` is the literal there, or the object that an input field belongs to."""

    path: tuple[str, ...]
    argument: tuple[str, ...] = ()
    argument_node: Node | None = None
    value: Node | None = None


def places_in(document: DocumentNode) -> Mapping[int, Place]:
    """The place of every node of a document, by the node's identity."""
    finder = _PlaceFinder()
    visit(document, finder)
    return finder.places


class _PlaceFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.places: dict[int, Place] = {}
        self._stack = [Place(())]

    # Any: the visitor's own signature.
    def enter(self, node: Node, *_: Any) -> None:
        outside = self._stack[-1]
        here = inside = outside
        match node:
            case FieldNode() | FragmentDefinitionNode():
                here = inside = Place((*outside.path, node.name.value))
            case ArgumentNode():
                here = inside = Place(outside.path, (node.name.value,), node)
            case ObjectFieldNode():
                inside = replace(outside, argument=(*outside.argument, node.name.value))
            case ValueNode():
                here = inside = replace(outside, value=node)
            case _:
                pass
        self.places[id(node)] = here
        self._stack.append(inside)

    def leave(self, *_: Any) -> None:
        self._stack.pop()
