"""The Logs Insights queries of docs/operations.md, by section, and the syntax of such queries."""

from __future__ import annotations

import re

import pytest

from antipode_tools.project.config import project_root

_VALUE = r'(\d+|"[^"]*"|\["[^"]*"(, "[^"]*")*\])'

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
COMMANDS = {
    "fields": r"[\w.@]+(, [\w.@]+)*",
    "filter": rf"[\w.@]+ (=|!=|like|in) {_VALUE}( (and|or) [\w.@]+ (=|!=|like) {_VALUE})*",
    "parse": r'[\w.@]+ "[^"]*\*[^"]*" as \w+(, \w+)*',
    "sort": r"[\w.@]+ (asc|desc)",
    "limit": r"\d+",
    "stats": r"\w+\([\w.*]+(, \d+)?\) as \w+(, \w+\([\w.]+(, \d+)?\) as \w+)*"
    r" by [\w.]+(, ([\w.]+|bin\(\d+[smhd]\)))*",
}


def queries(section: str) -> list[str]:
    """The queries of a section of the page, each as one text without its comment."""
    page = (project_root() / "docs" / "operations.md").read_text()
    _, _, text = page.partition(f"\n## {section}\n")
    blocks = re.findall(r"```\n# .+?\n(.+?)```", text.partition("\n## ")[0], re.DOTALL)
    return [" ".join(block.split()) for block in blocks]


def check_syntax(query: str) -> None:
    """Fails where a query is none that Logs Insights documents."""
    for part in query.split(" | "):
        command, _, arguments = part.partition(" ")
        if not re.fullmatch(COMMANDS[command], arguments):
            pytest.fail(part)
