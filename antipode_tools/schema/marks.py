"""The parts of a file that are generated, each between two comments."""

from __future__ import annotations

import re

# A part of any name.
_PARTS = re.compile(
    r"(?ms)^ *(?:#|//) (?P<name>[^\n]*\bantipode schema): begin\n(?P<part>.*?)"
    r"^ *(?:#|//) (?P=name): end$"
)


class TemplateError(ValueError):
    """The template lacks a part that is generated."""


def between(part: str, comment: str = "#") -> re.Pattern[str]:
    """Finds what the comments of a part enclose: `begin` and `end` are the comments themselves."""
    mark = rf"^ *{comment} {re.escape(part)}"
    return re.compile(rf"(?ms)(?P<begin>{mark}: begin\n).*?(?P<end>{mark}: end$)")


def parts(text: str) -> str:
    """All that is generated of a file, in its order."""
    return "".join(found["part"] for found in _PARTS.finditer(text))


def marked(template: str, part: str, text: str) -> str:
    """The text of template.yaml with `text` for one of its parts.

    Args:
        part: as the comments say it, `tables by antipode schema`.

    Raises:
        TemplateError: the comments are not there.
    """
    found = between(part)
    if not found.search(template):
        raise TemplateError(f"template.yaml has no lines # {part}: begin and # {part}: end")
    return found.sub(lambda its: f"{its['begin']}{text}{its['end']}", template)
