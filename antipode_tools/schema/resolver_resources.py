"""The resolvers in template.yaml: in loops where models have the same, else one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.journal import STEPS, synced
from antipode_tools.schema.marks import marked
from antipode_tools.schema.model import Model
from antipode_tools.schema.operations import publish_kinds
from antipode_tools.schema.resource_text import looped, pipeline, unit

_PART = "resolvers by antipode schema"
_OPERATIONS = {
    "Get": "Query",
    "List": "Query",
    "Create": "Mutation",
    "Update": "Mutation",
    "Delete": "Mutation",
}

_LOCAL = "!GetAtt LocalSource.Name"


def with_resolvers(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with a resolver for each field that has one.

    Raises:
        TemplateError: the comments that mark them are not there.
    """
    return marked(template, _PART, "\n".join(_resolvers(tuple(models))))


def publishes(models: Iterable[Model]) -> Iterator[str]:
    """What the relay's mutations are called behind `publish`: CreateTodo."""
    for model in models:
        yield from (f"{kind}{model.id}" for kind in publish_kinds(model))


def _resolvers(models: tuple[Model, ...]) -> Iterator[str]:
    for kind, type_ in _OPERATIONS.items():
        having = [model.id for model in models if getattr(model.names, kind.lower())]
        # The operation's name cannot be put together from the model's: @model may give it another.
        field = f"!FindInMap [Models, !Ref Model, {kind}, {{DefaultValue: none}}]"
        source = "!GetAtt [!Sub '${Model}DataSource', Name]"
        each = unit(f"{kind}${{Model}}Resolver", type_, field, source, _path(kind.lower()))
        if having:
            yield looped(f"Each{kind}", "Model", having, each)
    yield from _of_missed(models)
    for model in models:
        yield from _of_indexes(model)
        yield from _of_relations(model)
        yield from _of_hidden(model)
    yield from _of_publishes(models)
    yield from _of_subscriptions(models)


def _of_missed(models: tuple[Model, ...]) -> Iterator[str]:
    field = "!FindInMap [Models, !Ref Model, Sync, {DefaultValue: none}]"
    each = pipeline("Sync${Model}Resolver", "Query", field, STEPS, _path("sync"))
    if names := [model.id for model in synced(models)]:
        yield looped("EachSync", "Model", names, each)


def _of_indexes(model: Model) -> Iterator[str]:
    for index in model.indexes:
        if index.query:
            yield _one(index.query, "Query", index.query, f"{model.id}DataSource", "list")


def _of_relations(model: Model) -> Iterator[str]:
    for relation in model.relations:
        field = relation.field.name
        source = f"{naming.logical(relation.model)}DataSource"
        code = "list" if relation.many else "related"
        yield _one(f"{model.id}{naming.upper(field)}", model.name, field, source, code)


def _of_hidden(model: Model) -> Iterator[str]:
    """The fields that not everybody sees."""
    for name in model.hidden:
        yield _one(f"{model.id}{naming.upper(name)}", model.name, name, "LocalSource", "field")


def _of_publishes(models: tuple[Model, ...]) -> Iterator[str]:
    """The relay's own, which subscriptions hang on. Some keep what they announce."""
    keeping = synced(models)
    field, id_ = "!Sub 'publish${Change}'", "Publish${Change}Resolver"
    if names := list(publishes(model for model in models if model not in keeping)):
        each = unit(id_, "Mutation", field, _LOCAL, _path("publish"))
        yield looped("EachPublish", "Change", names, each)
    if names := list(publishes(keeping)):
        each = unit(id_, "Mutation", field, "!GetAtt JournalSource.Name", _path("journal"))
        yield looped("EachKeptPublish", "Change", names, each)


def _of_subscriptions(models: tuple[Model, ...]) -> Iterator[str]:
    """Each says who hears what: AppSync's own matching takes an argument that is null, as a
    variable that is not given, for a request to hear of nulls alone."""
    names = [name for model in models for name in model.subscriptions]
    field, path = "!Ref Subscription", _path("subscribe")
    each = unit("${Subscription}Resolver", "Subscription", field, _LOCAL, path)
    if plain := [name for name in names if name.isalnum()]:
        yield looped("EachSubscription", "Subscription", plain, each)
    for name in names:
        if not name.isalnum():
            yield _one(name, "Subscription", name, "LocalSource", "subscribe")


def _one(id_: str, type_: str, field: str, source: str, code: str) -> str:
    logical = f"{naming.logical(id_)}Resolver"
    return unit(logical, type_, field, f"!GetAtt {source}.Name", _path(code))


def _path(code: str) -> str:
    return f"graphql/resolvers/{code}.js"
