"""What keeps announcements for those who missed them, in template.yaml: a table and who reads it.

One table in each Region, for all models that have `sync`; no resource where none has. Its text is
journal.yaml.in beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from antipode_tools.schema.marks import marked
from antipode_tools.schema.model import Model
from antipode_tools.schema.operation_names import KINDS
from antipode_tools.schema.resource_text import filled

_PART = "journal by antipode schema"
_NAME = "journal's name by antipode schema"
_ENVIRONMENT = "        JOURNAL: !Ref Journal\n"

# As many partitions of each model, by which no write is slower than a stream is read; each has a
# step that reads it, and AppSync takes ten in a pipeline. graphql/resolvers/shared.js has it too.
BUCKETS = 8
STEPS = tuple(f"SyncStep{number}" for number in range(1, BUCKETS + 1))
# With a table and its data source.
RESOURCES = BUCKETS + 2


def synced(models: Iterable[Model]) -> list[Model]:
    """The models whose announcements are kept."""
    return [model for model in models if model.names.sync]


def with_journal(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with what these models take.

    Raises:
        TemplateError: the comments that mark the places are not there.
    """
    of = synced(models)
    whole = marked(template, _NAME, _ENVIRONMENT if of else "")
    return marked(whole, _PART, _text(of) if of else "")


def resources(models: Iterable[Model]) -> int:
    """How many resources the journal is."""
    return RESOURCES if synced(models) else 0


def _text(models: list[Model]) -> str:
    keeping = [f"Publish{kind}{model.id}Resolver" for model in models for kind in KINDS]
    numbers = ", ".join(f"'{number}'" for number in range(1, BUCKETS + 1))
    text = Path(__file__).with_name("journal.yaml.in").read_text(encoding="utf-8")
    return filled(text, {"@KEEPING": ", ".join(keeping), "@BUCKETS": numbers})
