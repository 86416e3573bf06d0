"""The modules that code imports, and the names it binds to their members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from localaws.appsync.javascript.errors import CodeError, CodeErrorType, diagnostic
from localaws.appsync.javascript.source import Source, field, text_of, walk
from localaws.appsync.javascript.surface import ABSENT_MODULES, MODULES, Offer


@dataclass(frozen=True)
class ImportedName:
    """One name of an import statement; `member` is None for the module itself."""

    node: Node
    local: str
    member: str | None


@dataclass(frozen=True)
class Import:
    """One import statement."""

    node: Node
    module: str
    names: tuple[ImportedName, ...]


def imports_of(source: Source) -> tuple[Import, ...]:
    """Every import statement, which the grammar allows at the top level only."""
    statements = (node for node in source.root.children if node.type == "import_statement")
    return tuple(_import(statement) for statement in statements)


def import_errors(source: Source) -> Iterator[CodeError]:
    """Imports of what the runtime does not offer."""
    for statement in imports_of(source):
        offer = MODULES.get(statement.module)
        if offer is None:
            place = field(statement.node, "source")
            yield _error(source, place, _unknown_module(statement.module))
            continue
        for name in statement.names:
            yield from _unknown_member(source, statement, name, offer)


def bound_offers(source: Source) -> dict[str, Offer]:
    """The runtime's objects that imports give a name."""
    offers: dict[str, Offer] = {}
    for statement in imports_of(source):
        module = MODULES.get(statement.module, Offer("unknown"))
        for name in statement.names:
            offer = module if name.member is None else module.members.get(name.member)
            if offer is not None:
                offers[name.local] = offer
    return offers


def _import(statement: Node) -> Import:
    module = text_of(field(statement, "source"))[1:-1]
    return Import(statement, module, tuple(_names(statement)))


def _names(statement: Node) -> Iterator[ImportedName]:
    for node in walk(statement):
        match node.type:
            case "namespace_import":
                yield ImportedName(node, text_of(node.children[-1]), None)
            case "import_specifier":
                name = field(node, "name")
                alias = node.child_by_field_name("alias") or name
                yield ImportedName(node, text_of(alias), text_of(name))
            case "import_clause" if node.children[0].type == "identifier":
                yield ImportedName(node, text_of(node.children[0]), "default")


def _unknown_member(
    source: Source, statement: Import, name: ImportedName, offer: Offer
) -> Iterator[CodeError]:
    if name.member is None or name.member in offer.members:
        return
    if name.member == "default":
        yield _error(
            source, name.node, f"TS1192: Module '\"{statement.module}\"' has no default export."
        )
        return
    what = f"TS2305: Module '\"{statement.module}\"' has no exported member '{name.member}'."
    yield _error(source, name.node, what)


def _unknown_module(module: str) -> str:
    text = f"TS2307: Cannot find module '{module}' or its corresponding type declarations."
    absent = ABSENT_MODULES.get(module)
    if absent is None:
        return text
    return f"{text} The service has it; one machine has no {absent} data source."


def _error(source: Source, node: Node, text: str) -> CodeError:
    return diagnostic(CodeErrorType.PARSER_ERROR, source.location(node), text)
