"""The two files that CloudFormation imports tables by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from antipode_tools.operate.adoption.live import LiveTable, resources_to_import, template_of

TEMPLATE, RESOURCES = "template.json", "resources.json"


def write(folder: Path, tables: Mapping[str, LiveTable]) -> None:
    """Writes the template that describes the tables as they are, and which resource each is.

    Args:
        tables: by model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (TEMPLATE, template_of(tables)),
        (RESOURCES, resources_to_import(tables)),
    ):
        (folder / name).write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
