"""The text of a models' file in the directives of today: only those change, where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
)

from antipode_tools.schema.definitions import Directive
from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.dialect import Change, changes
from antipode_tools.schema.reading import directive, parsed, read, without_commas
from antipode_tools.schema.written import text

_BLANK = " \t\r\n"
_TypeNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode


@dataclass(frozen=True)
class _Edit:
    """What comes in the place of text[start:end]."""

    start: int
    end: int
    new: str


def modernised(source: str) -> str:
    """The file with @key, @connection, @versioned and @auth as they are written today, and &
    between interfaces; all else is as it was, comments and layout too. A file of today is left as
    it is.

    Raises:
        Refused: it is not GraphQL, or defines what has no place in it.
    """
    definitions = read(source)
    if any(each.refused for each in definitions.told):
        raise Refused(definitions.told)
    found = changes(definitions)
    mended, _ = without_commas(source)
    if not found:
        return mended
    document = parsed(mended)
    edits = [edit for change in found for edit in _edits(mended, document, change)]
    return _edited(mended, edits)


def _edited(source: str, edits: Iterable[_Edit]) -> str:
    written, at = "", 0
    for edit in sorted(edits, key=lambda each: each.start):
        written = f"{_followed(written, source[at : edit.start])}{edit.new}"
        at = edit.end
    return _followed(written, source[at:])


def _followed(written: str, rest: str) -> str:
    """The text with what follows, which begins a line where a comment would take it in."""
    last = written[written.rfind("\n") + 1 :]
    return f"{written}\n{rest}" if "#" in last and rest[:1] not in ("", "\n") else written + rest


def _edits(source: str, document: DocumentNode, change: Change) -> Iterator[_Edit]:
    nodes = [
        node
        for node in document.definitions
        if isinstance(node, _TypeNode) and node.name.value == change.type
    ]
    fields = [field for node in nodes for field in node.fields or ()]
    on = next(
        (each for each in fields if change.field and each.name.value == change.field.name), None
    )
    new = " ".join(map(text, (change.new, *change.more))) if change.new else None
    old = _old_on(on, change.old) if on else None
    if old and new:
        yield _Edit(_start(old), _end(old), new)
        return
    if change.old:
        there = next(_directives(nodes, change.old))
        if change.field is None and new:
            yield _Edit(_start(there), _end(there), new)
        else:
            yield _removed(source, there)
    if change.added and change.field:
        line = f"{change.field.name}: {change.field.type}"
        yield _added(source, fields[-1], f"{line} {new}" if new else line)
    elif on and new:
        yield _Edit(_end(on), _end(on), f" {new}")


def _directives(nodes: Iterable[_TypeNode], wanted: Directive) -> Iterator[ConstDirectiveNode]:
    """Where a directive stands on a type, or on one of its fields."""
    for node in nodes:
        for each in (*(node.directives or ()), *_on_fields(node)):
            if directive(each) == wanted:
                yield each


def _on_fields(node: _TypeNode) -> Iterator[ConstDirectiveNode]:
    for field in node.fields or ():
        yield from field.directives or ()


def _old_on(field: FieldDefinitionNode, old: Directive | None) -> ConstDirectiveNode | None:
    return next((each for each in field.directives or () if directive(each) == old), None)


def _removed(source: str, node: Node) -> _Edit:
    """Nothing in the place of a directive and of the space before it, or of its whole line where
    a comment ends the line above."""
    start, end = _start(node), _end(node)
    before = len(source[:start].rstrip(_BLANK))
    above = source[source.rfind("\n", 0, before) + 1 : before]
    if "#" not in above or "\n" not in source[before:start]:
        return _Edit(before, end, "")
    line = source.rfind("\n", 0, start)
    rest = source[end : _line_end(source, end)]
    return _Edit(start if rest.strip() else line, end + len(rest) * (not rest.strip()), "")


def _added(source: str, last: FieldDefinitionNode, line: str) -> _Edit:
    """A field below the last one, or beside it where that does not stand alone on its line."""
    start, end = _start(last), _end(last)
    head = source[source.rfind("\n", 0, start) + 1 : start]
    stop = _line_end(source, end)
    rest = source[end:stop].strip(" \t\r,")
    if head.strip() or (rest and not rest.startswith("#")):
        return _Edit(end, end, f" {line}")
    return _Edit(stop, stop, f"\n{head}{line}")


def _line_end(source: str, at: int) -> int:
    end = source.find("\n", at)
    return len(source) if end < 0 else end


def _start(node: Node) -> int:
    return node.loc.start if node.loc else 0


def _end(node: Node) -> int:
    return node.loc.end if node.loc else 0
