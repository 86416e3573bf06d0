"""What a model's table is called: by its stack and model, or as a parameter of the stack says.

The parameter, `TodoTableName`, is there for a model that @model(table:) gives a table of another
name. template.yaml says the same of itself, by antipode_tools/schema/table_names.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from antipode_tools.project.regions import Region

_NAME = "TableName"
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
NAME = r"[a-zA-Z0-9_.-]{3,255}"


def misnamed(table: str) -> str:
    """Why no table can be called so; empty where one can."""
    if re.fullmatch(NAME, table):
        return ""
    if table.startswith("arn:"):
        return f"{table} is an ARN: name the table, {table.rpartition('/')[2]}"
    return f"{table!r} is no name of a table: those have 3 to 255 letters, digits, _, . and -"


def parameter(model: str) -> str:
    """The parameter that names a model's table, where there is one."""
    return f"{model}{_NAME}"


def own_name(stack: str, model: str) -> str:
    """What a stack calls a table that it makes."""
    return f"{stack}-{model}"


def table_of(region: Region, model: str) -> str:
    """The name of a model's table, which is the same in every Region of its stage."""
    return region.parameters.get(parameter(model)) or own_name(region.stack, model)


def is_named(region: Region, model: str) -> bool:
    """Whether it has a name that its stack did not choose, as a table has that was there before."""
    return table_of(region, model) != own_name(region.stack, model)


def named_model(region: Region, table: str) -> str:
    """The model that a table is named for; empty where the stack calls it so."""
    named = (name for name, value in region.parameters.items() if value == table)
    models = (name.removesuffix(_NAME) for name in named if name.endswith(_NAME))
    return next((model for model in models if is_named(region, model)), "")


def clashing(regions: Iterable[Region], models: Sequence[str]) -> Iterator[str]:
    """Why tables cannot be called as they are, a sentence each: two models of a stack have one, or
    the roles of another stack may use it, which may use whatever begins with its name."""
    stacks = {region.stack: region for region in regions}
    for stack, region in stacks.items():
        tables = [table_of(region, model) for model in models]
        for table in (name for name, number in Counter(tables).items() if number > 1):
            of = " and ".join(each for each in models if table_of(region, each) == table)
            yield f"the stack {stack} has the table {table} for {of}: a table is one model's"
        for model, table in zip(models, tables, strict=True):
            for other in stacks:
                if other != stack and is_named(region, model) and table.startswith(f"{other}-"):
                    yield (
                        f"the stack {other} may use what is named {other}-..., the table {table}"
                        f" of {stack} among it: give the stack {other} another name"
                    )


def shared(regions: Iterable[Region], models: Sequence[str]) -> Iterator[str]:
    """Which tables two stacks have, a sentence each: right only where these are in two accounts."""
    stacks = {region.stack: region for region in regions}
    for model in models:
        tables = Counter(table_of(region, model) for region in stacks.values())
        for table in (name for name, number in tables.items() if number > 1):
            of = " and ".join(
                stack for stack, its in stacks.items() if table_of(its, model) == table
            )
            yield (
                f"the stacks {of} have one table for {model}, {table}: right in two accounts; in"
                " one the second cannot be made, and its roles would be for the first one's items"
            )
