"""Models' files of the kinds that real applications have, which all compile."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent
CASES = sorted(path.stem for path in _FOLDER.glob("*.graphql"))


def case(name: str) -> str:
    """The text of a case."""
    return (_FOLDER / f"{name}.graphql").read_text()
