"""What went wrong in the local world, in words for the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# The remedy for whatever a running world cannot do.
AFRESH = "antipode down && antipode up starts over, without the items"


@dataclass
class WorldError(Exception):
    """Why the local world could not do what was asked, and what to do about it.

    Args:
        what: what failed, as the start of a sentence.
        why: the cause, with the numbers or the last words of the program that failed.
        remedy: what the reader can do.
        log: where to read more, if anywhere.
    """

    what: str
    why: str
    remedy: str = ""
    log: Path | None = None

    def __str__(self) -> str:
        lines = [f"{self.what}: {self.why}"]
        if self.remedy:
            lines.append(f"  do:  {self.remedy}")
        if self.log:
            lines.append(f"  log: {self.log}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, str]:
        """The form in which the daemon reports it to the command that started it."""
        fields = {"what": self.what, "why": self.why, "remedy": self.remedy}
        return fields | ({"log": str(self.log)} if self.log else {})

    @classmethod
    def from_json(cls, fields: Mapping[str, str]) -> WorldError:
        log = fields.get("log")
        return cls(fields["what"], fields["why"], fields["remedy"], Path(log) if log else None)


def unchangeable(why: str) -> WorldError:
    """The error for a change that a running world cannot take."""
    return WorldError("the running world cannot take the change", why, AFRESH)
