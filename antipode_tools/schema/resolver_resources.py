"""The resolvers in template.yaml: in loops where models have the same, else one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.marks import marked
from antipode_tools.schema.models import Model
from antipode_tools.schema.operations import publish_kinds

_PART = "resolvers by antipode schema"
_OPERATIONS = {
    "Get": "Query",
    "List": "Query",
    "Create": "Mutation",
    "Update": "Mutation",
    "Delete": "Mutation",
}

# The operation's name cannot be put together from the model's: @model may give it another.
_BY_MODEL = """\
  Fn::ForEach::Each@KIND:
    - Model
    - [@MODELS]
    - @KIND${Model}Resolver:
        Type: AWS::AppSync::Resolver
        DependsOn: Schema
        Properties:
          ApiId: !GetAtt Api.ApiId
          TypeName: @TYPE
          FieldName: !FindInMap [Models, !Ref Model, @KIND, {DefaultValue: none}]
          DataSourceName: !GetAtt [!Sub '${Model}DataSource', Name]
          Kind: UNIT
          Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
          CodeS3Location: graphql/resolvers/@CODE.js
"""
_LOCAL = """\
  Fn::ForEach::@LOOP:
    - @VARIABLE
    - [@NAMES]
    - @ID:
        Type: AWS::AppSync::Resolver
        DependsOn: Schema
        Properties:
          ApiId: !GetAtt Api.ApiId
          TypeName: @TYPE
          FieldName: @FIELD
          DataSourceName: !GetAtt LocalSource.Name
          Kind: UNIT
          Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
          CodeS3Location: graphql/resolvers/@CODE.js
"""
_ONE = """\
  @ID:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: @TYPE
      FieldName: @FIELD
      DataSourceName: !GetAtt @SOURCE.Name
      Kind: UNIT
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      CodeS3Location: graphql/resolvers/@CODE.js
"""


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
        parts = {"@MODELS": ", ".join(having), "@TYPE": type_, "@CODE": kind.lower(), "@KIND": kind}
        if having:
            yield _filled(_BY_MODEL, parts)
    for model in models:
        yield from _of_indexes(model)
        yield from _of_relations(model)
    yield from _of_publishes(models)
    yield from _of_subscriptions(models)


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


def _of_publishes(models: tuple[Model, ...]) -> Iterator[str]:
    """The relay's own, which subscriptions hang on."""
    if names := list(publishes(models)):
        parts = {
            "@LOOP": "EachPublish",
            "@VARIABLE": "Change",
            "@NAMES": ", ".join(names),
            "@ID": "Publish${Change}Resolver",
            "@TYPE": "Mutation",
            "@FIELD": "!Sub 'publish${Change}'",
            "@CODE": "publish",
        }
        yield _filled(_LOCAL, parts)


def _of_subscriptions(models: tuple[Model, ...]) -> Iterator[str]:
    """Each says who hears what: AppSync's own matching takes an argument that is null, as a
    variable that is not given, for a request to hear of nulls alone."""
    names = [name for model in models for name in model.subscriptions]
    if looped := [name for name in names if name.isalnum()]:
        parts = {
            "@LOOP": "EachSubscription",
            "@VARIABLE": "Subscription",
            "@NAMES": ", ".join(looped),
            "@ID": "${Subscription}Resolver",
            "@TYPE": "Subscription",
            "@FIELD": "!Ref Subscription",
            "@CODE": "subscribe",
        }
        yield _filled(_LOCAL, parts)
    for name in names:
        if not name.isalnum():
            yield _one(name, "Subscription", name, "LocalSource", "subscribe")


def _one(id_: str, type_: str, field: str, source: str, code: str) -> str:
    parts = {
        "@ID": f"{naming.logical(id_)}Resolver",
        "@TYPE": type_,
        "@FIELD": field,
        "@SOURCE": source,
        "@CODE": code,
    }
    return _filled(_ONE, parts)


def _filled(text: str, parts: dict[str, str]) -> str:
    for place, part in parts.items():
        text = text.replace(place, part)
    return text
