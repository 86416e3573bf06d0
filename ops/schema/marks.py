"""The parts of template.yaml that are generated, each between two comments."""

from __future__ import annotations

import re


class TemplateError(ValueError):
    """The template has not the parts that are generated."""


def marked(template: str, part: str, text: str) -> str:
    """The text of template.yaml with `text` for one of its parts.

    Args:
        part: as the comments say it, `tables by antipode schema`.

    Raises:
        TemplateError: the comments are not there.
    """
    between = re.compile(f"(?s)(?<=# {part}: begin\n).*?(?=^ *# {part}: end\n)", re.MULTILINE)
    if not between.search(template):
        raise TemplateError(f"template.yaml has no lines # {part}: begin and # {part}: end")
    return between.sub(lambda _: text, template)
