"""What the compiler has to say about a source: a refusal, or a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnostic:
    """`line` is that of the models' file, None where no line is to blame."""

    line: int | None
    message: str
    refused: bool = True

    def located(self, file: str) -> str:
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {'' if self.refused else 'warning: '}{self.message}"


class Refused(Exception):
    """Nothing is generated: `diagnostics` say why, warnings among them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(each.message for each in self.diagnostics if each.refused))


def sort(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the lines, each diagnostic once."""
    return tuple(
        sorted(dict.fromkeys(diagnostics), key=lambda each: (each.line or 0, each.message))
    )
