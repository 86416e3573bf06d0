"""Tables that are there already, which models name by @model(table:)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from antipode_tools.project.tables import NAME
from antipode_tools.schema.definitions import Definitions, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import model_arguments

# As CloudFormation names what has no name: the stack, the logical id, and characters of its own.
_JOURNAL = re.compile(r".+-Journal-[0-9A-Z]{8,}")

# Resolvers and relay are told of them, `Todo=Todo-abc123-prod;`. Of the API's fifty variables so
# many are left for it; the relay's whole environment takes 4 KB, and the policies of the resolvers'
# role, which name each table twice, 10,240 characters.
VARIABLES = 4
MAX_CHARACTERS = 512


def check_tables(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the names of tables."""
    first: dict[str, str] = {}
    for model in definitions.models:
        name = model_arguments(model).get("table")
        if not isinstance(name, str) or not name:
            continue  # told where the directives are looked at
        yield from _check_name(model, name)
        other = first.setdefault(name, model.name)
        if other != model.name:
            yield Diagnostic(
                model.line,
                f"{model.name} has the table {name}, which {other} has: a table is one model's, "
                "since the relay tells by it whose a change is",
            )
    if len(packed({model: name for name, model in first.items()})) > VARIABLES:
        yield Diagnostic(
            None,
            f"the names of {len(first)} tables do not fit the API's environment, which has "
            f"{VARIABLES} variables of {MAX_CHARACTERS} characters for them: leave some to the "
            "stack, or deploy some models as a second stack",
        )


def packed(tables: Mapping[str, str]) -> list[list[str]]:
    """The models in the order of `tables`, those together that one variable tells of.

    Args:
        tables: by model.
    """
    variables: list[list[str]] = []
    room = 0
    for model, table in tables.items():
        takes = len(f"{model}={table};")
        if takes > room:
            variables.append([])
            room = MAX_CHARACTERS
        variables[-1].append(model)
        room -= takes
    return variables


def _check_name(model: ObjectType, name: str) -> Iterator[Diagnostic]:
    if not re.fullmatch(NAME, name):
        yield Diagnostic(
            model.line,
            f"{model.name} has the table {name!r}, and DynamoDB takes names of 3 to 255 letters, "
            "digits, _, . and -",
        )
    elif _JOURNAL.fullmatch(name):
        yield Diagnostic(
            model.line,
            f"{model.name} has the table {name}, a stack's journal of announcements: name the "
            "table that holds the model's items",
        )
