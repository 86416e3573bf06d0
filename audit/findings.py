"""What a tool found, and whether accepted.toml says why it may stay."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ACCEPTED = Path(__file__).with_name("accepted.toml")


@dataclass(frozen=True, order=True)
class Finding:
    """One weakness that a tool sees.

    Args:
        check: the tool's name of the rule.
        where: a file, or what a template makes (`default/RelayFunction`).
    """

    tool: str
    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.tool} {self.check} {self.where}: {self.message}"


@dataclass(frozen=True)
class Acceptance:
    """A rule that may be broken in these places, and why: `where` is patterns as of a shell."""

    tool: str
    check: str
    where: tuple[str, ...]
    reason: str

    def covering(self, finding: Finding) -> str | None:
        """The pattern by which it covers a finding, if it does."""
        if (self.tool, self.check) != (finding.tool, finding.check):
            return None
        return next((each for each in self.where if fnmatchcase(finding.where, each)), None)


@dataclass(frozen=True)
class Verdict:
    """What is left to do: findings that nobody accepted, and acceptances that nothing needs."""

    findings: tuple[Finding, ...]
    idle: tuple[str, ...]
    accepted: int

    @property
    def clean(self) -> bool:
        return not (self.findings or self.idle)


def judge(tool: str, findings: Iterable[Finding], acceptances: Iterable[Acceptance]) -> Verdict:
    """Weighs all that one tool found."""
    own = [each for each in acceptances if each.tool == tool]
    idle = {(each.check, pattern) for each in own for pattern in each.where}
    open_: list[Finding] = []
    accepted = 0
    for finding in findings:
        if pattern := _covering(own, finding):
            idle.discard((finding.check, pattern))
            accepted += 1
        else:
            open_.append(finding)
    return Verdict(
        findings=tuple(sorted(open_)),
        idle=tuple(f"{tool} {check} {pattern}" for check, pattern in sorted(idle)),
        accepted=accepted,
    )


def _covering(acceptances: Sequence[Acceptance], finding: Finding) -> str | None:
    return next((found for each in acceptances if (found := each.covering(finding))), None)


def read_accepted(text: str) -> list[Acceptance]:
    """The entries of accepted.toml."""
    return [
        Acceptance(
            tool=tool,
            check=entry["check"],
            where=tuple(entry["where"]),
            reason=entry["reason"],
        )
        for tool, entries in tomllib.loads(text).items()
        for entry in entries
    ]
