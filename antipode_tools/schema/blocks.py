"""The pieces of a generated schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antipode_tools.schema.definitions import Argument, Definition


@dataclass(frozen=True)
class Block:
    """One definition of the schema. `origin` is the type that it was made from, None for those
    that every schema has."""

    name: str
    text: str
    origin: Definition | None = None


def commented(comment: Iterable[str], text: str, indent: str = "") -> str:
    """`text` below its comment. AppSync takes comments for descriptions, and refuses strings in
    their place."""
    lines = [f"{indent}# {line}".rstrip() for line in comment]
    return "\n".join([*lines, f"{indent}{text}"])


def braced(head: str, lines: Iterable[str]) -> str:
    """A definition: its head and, in braces, its lines."""
    return "\n".join([f"{head} {{", *lines, "}"])


def argument_line(argument: Argument) -> str:
    """An argument, or a field of an input: first: Int = 10"""
    default = "" if argument.default is None else f" = {argument.default}"
    return f"{argument.name}: {argument.type}{default}"
