"""What the compiler has to say about a source: a refusal, or a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`line` is that of the models' file, None where no line is to blame."""

    line: int | None
    message: str
    refused: bool = True

    def located(self, file: str) -> str:
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {'' if self.refused else 'warning: '}{self.message}"


class Refused(Exception):
    """Nothing is generated: `findings` say why, warnings among them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(each.message for each in self.findings if each.refused))


def sort(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the lines, each finding once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: (each.line or 0, each.message)))
