"""What a model's operations are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.definitions import Definitions, ObjectType
from antipode_tools.schema.directives import listened, model_arguments
from antipode_tools.schema.model import Names

KINDS = ("Create", "Update", "Delete")


def names_of(type_: ObjectType) -> Names:
    """What a model's operations are called: by its @model, or as Amplify does."""
    arguments, title = model_arguments(type_), naming.upper(type_.name)
    many = naming.plural(title)
    own = {"get": f"get{title}", "list": f"list{many}", "sync": f"sync{many}"}
    queries = _named(arguments, "queries", own)
    mutations = _named(
        arguments, "mutations", {kind.lower(): f"{kind.lower()}{title}" for kind in KINDS}
    )
    return Names(
        get=queries["get"],
        list=queries["list"],
        sync=queries["sync"] if arguments.get("sync") else None,
        create=mutations["create"],
        update=mutations["update"],
        delete=mutations["delete"],
        on=_subscriptions(arguments, title),
    )


def _named(
    arguments: Mapping[str, Any], part: str, default: Mapping[str, str]
) -> dict[str, str | None]:
    """The names that an argument of @model gives; null takes one away, or all."""
    given = arguments.get(part, {})
    if given is None:
        return dict.fromkeys(default)
    return {key: given.get(key, name) for key, name in default.items()}


def _subscriptions(arguments: Mapping[str, Any], title: str) -> dict[str, tuple[str, ...]]:
    given = arguments.get("subscriptions", {})
    found: dict[str, tuple[str, ...]] = {}
    if given is not None and given.get("level") != "off":
        for kind in KINDS:
            names = given.get(f"on{kind}", [f"on{kind}{title}"])
            found[kind] = tuple([names] if isinstance(names, str) else names or ())
    if arguments.get("onChange"):
        found["Change"] = (f"onChange{title}",)
    return {kind: names for kind, names in found.items() if names}


def mutations_of(type_: ObjectType) -> Mapping[str, str]:
    """The kind of change that each mutation of a model is: createCard is a Create."""
    names = names_of(type_)
    written = zip(KINDS, (names.create, names.update, names.delete), strict=True)
    return {name: kind for kind, name in written if name}


def own_subscriptions(definitions: Definitions, type_: ObjectType) -> Mapping[str, tuple[str, ...]]:
    """The fields of the file's Subscription that hang on a model's mutations, by the kind of
    change. They are served as the generated ones are: by what the relay announces."""
    kinds = mutations_of(type_)
    found: dict[str, list[str]] = {}
    root = definitions.root("Subscription")
    for each in root.fields if root else ():
        for mutation in listened(each):
            if mutation in kinds:
                found.setdefault(kinds[mutation], []).append(each.name)
    return {kind: tuple(names) for kind, names in found.items()}
