"""What was changed by hand in generated files, so that nothing is lost in silence.

graphql/generated.json holds a digest of each file as `antipode schema` wrote it last; of a file
that is generated in parts, of those parts.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping

from antipode_tools.schema.marks import parts

DIGESTS = "graphql/generated.json"

# So many of the lines that would go are shown.
_SHOWN = 5


def digests(texts: Mapping[str, str]) -> str:
    """The text of generated.json for files with these texts, by their names."""
    found = {name: _digest(its) for name, text in texts.items() if (its := _generated(name, text))}
    return json.dumps(found, indent=2) + "\n"


def edited(recorded: str | None, there: Mapping[str, str | None]) -> list[str]:
    """The names of the files that are no longer as they were written.

    Args:
        recorded: the text of generated.json, None where there is none: then nothing is known.
        there: the texts of the files as they are, None of those that are missing.
    """
    known = _known(recorded)
    return [
        name
        for name, text in there.items()
        if text is not None and name in known and _digest(_generated(name, text)) != known[name]
    ]


def lost(there: str, wanted: str) -> Iterator[str]:
    """The first of the lines that go when a file is written anew, with their numbers."""
    gone = list(_gone(there.splitlines(), wanted.splitlines()))
    yield from (f"  line {number}: {line.strip()}" for number, line in gone[:_SHOWN])
    if more := gone[_SHOWN:]:
        yield f"  and {len(more)} more"


def _gone(there: list[str], wanted: list[str]) -> Iterator[tuple[int, str]]:
    matcher = difflib.SequenceMatcher(None, there, wanted, autojunk=False)
    for kind, first, last, *_ in matcher.get_opcodes():
        if kind in ("delete", "replace"):
            yield from enumerate(there[first:last], start=first + 1)


def _generated(name: str, text: str) -> str:
    """What is generated of a file: the whole of it where no comments mark parts, but of code, which
    is the author's without them."""
    return parts(text) or ("" if name.endswith(".js") else text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _known(recorded: str | None) -> Mapping[str, str]:
    try:
        found = json.loads(recorded or "{}")
    except ValueError:  # of a merge that is not done
        return {}
    return found if isinstance(found, dict) else {}
