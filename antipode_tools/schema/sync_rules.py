"""What tells of what was missed: every kind of change must be announced, to be kept at all."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.schema.definitions import Definitions, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import model_arguments
from antipode_tools.schema.operation_names import KINDS, names_of, own_subscriptions


def check_sync(definitions: Definitions) -> Iterator[Diagnostic]:
    """What is wrong with the @model(sync:) of a file."""
    for type_ in definitions.models:
        arguments = model_arguments(type_)
        if arguments.get("sync"):
            yield from _check(definitions, type_)
        elif (arguments.get("queries") or {}).get("sync"):
            yield Diagnostic(
                type_.line,
                f"{type_.name} names a sync query and has none: write @model(sync: true) as well",
            )


def _check(definitions: Definitions, type_: ObjectType) -> Iterator[Diagnostic]:
    names = names_of(type_)
    if names.sync is None:
        yield Diagnostic(
            type_.line,
            f"{type_.name} has sync and leaves its query out: leave sync out, or name the query, "
            '@model(sync: true, queries: { sync: "syncTodos" })',
        )
    heard = {*names.on, *own_subscriptions(definitions, type_)}
    unheard = [f"on{kind}" for kind in KINDS if not heard & {kind, "Change"}]
    if unheard:
        yield Diagnostic(
            type_.line,
            f"{type_.name} has sync without {' and '.join(unheard)}: what nobody can subscribe to "
            "is not announced, and what is not announced is not kept. Leave these subscriptions "
            "in, or sync out",
        )
