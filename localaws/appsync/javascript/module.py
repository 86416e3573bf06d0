"""A resolver's code made into a script for the engine, which has no import hook.

Edits are made at the positions of the syntax tree and keep line numbers; a place that the engine
reports is mapped back to the code as it was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from localaws.appsync.javascript.errors import Location
from localaws.appsync.javascript.imports import Import, imports_of
from localaws.appsync.javascript.scopes import Scopes
from localaws.appsync.javascript.source import Source, field, text_of, walk

# What the edits call the library's `host`; a name that no code uses.
_HOST = "$appsync"

# Handlers begin after this line of their script. The binding calls every script `<input>`: a line
# beyond it marks a stack frame as the handler's, not the library's.
FIRST_LINE = 10_000
_FRAME = re.compile(r"\(?<input>:(\d+):(\d+)\)?")


@dataclass(frozen=True)
class _Edit:
    """Replace the bytes from start to end; a replacement never adds or removes a line."""

    start: int
    end: int
    text: bytes


@dataclass(frozen=True)
class Module:
    """Code ready for the engine."""

    script: str
    exports: frozenset[str]
    shifts: Mapping[int, tuple[tuple[int, int], ...]]

    def place(self, trace: str) -> Location | None:
        """The innermost place in the handler's code that a stack or a message names."""
        for line, column in _FRAME.findall(trace):
            if int(line) > FIRST_LINE:
                return self._original(int(line) - FIRST_LINE, int(column))
        return None

    def _original(self, line: int, column: int) -> Location:
        """Undo the edits of a line: (column in the script, characters added before it)."""
        added = [shift for start, shift in self.shifts.get(line, ()) if start < column]
        return Location(line, column - (added[-1] if added else 0))


def module_of(source: Source, scopes: Scopes) -> Module:
    """The script of code that passed every check."""
    exports = dict(_exports(source))
    edits = sorted(_edits(source, scopes), key=lambda edit: edit.start)
    handlers = ", ".join(f"{json.dumps(name)}: {local}" for name, local in exports.items())
    script = (
        f'(function ({_HOST}) {{ "use strict";'
        + "\n" * FIRST_LINE
        + _edited(source.code, edits).decode()
        + f"\nreturn {{ {handlers} }}; }})"
    )
    return Module(script, frozenset(exports), _shifts(source, edits))


def _edits(source: Source, scopes: Scopes) -> Iterator[_Edit]:
    for statement in imports_of(source):
        yield _import_edit(statement)
    for node in source.nodes:
        match node.type:
            case "export_statement":
                yield _export_edit(node)
            case "for_in_statement":
                yield from _loop_edits(node)
            case "member_expression":
                yield from _console_edits(source, scopes, node)
            case "binary_expression":
                yield from _operator_edits(node)


def _import_edit(statement: Import) -> _Edit:
    node = statement.node
    module = f"{_HOST}.modules[{json.dumps(statement.module)}]"
    bindings = [f"{name.local} = {_member(module, name.member)}" for name in statement.names]
    text = f"const {', '.join(bindings)};" if bindings else ";"
    lines = "\n" * text_of(node).count("\n")
    return _Edit(node.start_byte, node.end_byte, (text + lines).encode())


def _member(module: str, name: str | None) -> str:
    return module if name is None else f"{module}[{json.dumps(name)}]"


def _export_edit(node: Node) -> _Edit:
    declaration = node.child_by_field_name("declaration")
    end = declaration.start_byte if declaration else node.end_byte
    code = (node.text or b"")[: end - node.start_byte]
    return _Edit(node.start_byte, end, re.sub(rb"[^\n]", b" ", code))


def _loop_edits(node: Node) -> Iterator[_Edit]:
    """Bound the loop: `for (x of y)` to `for (x of each(y))`, `in` to `of keys(y)`."""
    operator, right = field(node, "operator"), field(node, "right")
    bound = f"{_HOST}.each(" if operator.type == "of" else f"{_HOST}.keys("
    if operator.type == "in":
        yield _Edit(operator.start_byte, operator.end_byte, b"of")
    yield _Edit(right.start_byte, right.start_byte, bound.encode())
    yield _Edit(right.end_byte, right.end_byte, b")")


def _console_edits(source: Source, scopes: Scopes, node: Node) -> Iterator[_Edit]:
    """Tell the console where it is called: `console.log` to `console.at(13,5).log`."""
    owner = field(node, "object")
    if text_of(owner) == "console" and scopes.resolve(owner) is None:
        place = source.location(owner)
        text = f".at({place.line},{place.column})"
        yield _Edit(owner.end_byte, owner.end_byte, text.encode())


# The operators that the service has been seen to read differently, as functions of the library.
_OPERATORS = {"===": "same(", "!==": "differ(", "??": "eager("}


def _operator_edits(node: Node) -> Iterator[_Edit]:
    """Call the library for an operator: `a === b` to `same(a , b)`."""
    operator = field(node, "operator")
    if operator.type in _OPERATORS:
        call = f"{_HOST}.{_OPERATORS[operator.type]}"
        yield _Edit(node.start_byte, node.start_byte, call.encode())
        yield _Edit(operator.start_byte, operator.end_byte, b",")
        yield _Edit(node.end_byte, node.end_byte, b")")


def _edited(code: bytes, edits: list[_Edit]) -> bytes:
    parts, position = [], 0
    for edit in edits:
        parts += [code[position : edit.start], edit.text]
        position = edit.end
    return b"".join([*parts, code[position:]])


def _shifts(source: Source, edits: list[_Edit]) -> dict[int, tuple[tuple[int, int], ...]]:
    shifts: dict[int, list[tuple[int, int]]] = {}
    for edit in edits:
        line = source.code.count(b"\n", 0, edit.start) + 1
        begin = source.code.rfind(b"\n", 0, edit.start) + 1
        known = shifts.setdefault(line, [])
        before = known[-1][1] if known else 0
        column = len(source.code[begin : edit.start].decode()) + before
        added = before + len(edit.text.decode()) - len(source.code[edit.start : edit.end].decode())
        known.append((column + 1, added))
    return {line: tuple(known) for line, known in shifts.items()}


def _exports(source: Source) -> Iterator[tuple[str, str]]:
    """Exported names, and what the code calls them."""
    for node in source.root.children:
        if node.type != "export_statement":
            continue
        for part in walk(node):
            if part.type == "export_specifier":
                name = field(part, "name")
                yield text_of(part.child_by_field_name("alias") or name), text_of(name)
        declaration = node.child_by_field_name("declaration")
        if declaration is not None:
            yield from ((name, name) for name in _declared(declaration))


def _declared(declaration: Node) -> Iterator[str]:
    if declaration.type == "function_declaration":
        yield text_of(field(declaration, "name"))
    for child in declaration.named_children:
        if child.type == "variable_declarator":
            yield text_of(field(child, "name"))
