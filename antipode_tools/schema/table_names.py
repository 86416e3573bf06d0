"""What template.yaml says of tables by their names: what reads them, and who may.

A table is called by its stack and model, unless @model(table:) names one that is there. Then its
name is a parameter, `TodoTableName`, since each stage has tables of its own. A loop cannot choose
between the two: Fn::If takes no name that is put together. So there are two loops where models
differ, and without @model(table:) there is nothing of this in the template.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from antipode_tools.project.tables import NAME, parameter
from antipode_tools.schema.marks import marked
from antipode_tools.schema.model import Model
from antipode_tools.schema.resource_text import filled
from antipode_tools.schema.table_rules import packed

# Where the loops over models stand: of those whose table the stack names, and of the others.
EACH_MODEL = "each model by antipode schema"

_TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"
_OWN = "${AWS::StackName}-${Model}"
_FROM_PARAMETER = "{Ref: !Sub '${Model}TableName'}"

_PARAMETER = """\
  @PARAMETER:
    Description: The table of @MODEL. Of production, as the models' file says.
    Type: String
    AllowedPattern: '@PATTERN'
    Default: @TABLE
"""
_OUTPUTS = """\
  Fn::ForEach::@LOOP:
    - Model
    - [@MODELS]
    - ${Model}TableName:
        Description: The model's table
        Value: @VALUE
      ${Model}StreamArn:
        Description: The stream of this Region's replica
        Value: !Sub
          - @TABLE/stream/${Label}
          - {@NAMELabel: !GetAtt [Replicas, !Ref Model]}
"""
_HEALTHY = "!FindInMap [Health, Table, Model, {DefaultValue: none}]"
_HEALTH = f"TABLE: !Join ['-', [!Ref AWS::StackName, {_HEALTHY}]]"


def with_table_names(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with what follows from the names of these models' tables.

    Raises:
        TemplateError: the comments that mark the places are not there.
    """
    models = tuple(models)
    named = [model for model in models if model.table]
    for part, text in {
        "names of tables": "".join(_parameter(model) for model in named),
        "each model": "\n".join(_loops("EachModel", _of_each_model(), models)),
        "what each model tells": "\n".join(_loops("EachModelOutput", _OUTPUTS, models)),
        "health's table": _health(models),
        "the resolvers' tables": "".join(_variables(named)),
        "the relay's tables": _told("TABLES", [model.id for model in named], indent=10),
        "tables of the resolvers": _resources(named, "", "/index/*"),
        "tables of the health": _resources(models[:1] if named else [], ""),
        "streams of the relay": _resources(named, "/stream/*"),
        "tables of the replicas": _resources(named, ""),
    }.items():
        template = marked(template, f"{part} by antipode schema", text)
    return template


def shown(model: Model) -> str:
    """The name of a table, for a place that knows its model."""
    return (
        f"!Ref {parameter(model.id)}" if model.table else f"!Sub '${{AWS::StackName}}-{model.id}'"
    )


def defaults(models: Iterable[Model]) -> Mapping[str, str]:
    """The tables that models name, by the models' ids."""
    return {model.id: model.table for model in models if model.table}


def _parameter(model: Model) -> str:
    parts = {
        "@PARAMETER": parameter(model.id),
        "@MODEL": model.name,
        "@PATTERN": NAME,
        "@TABLE": json.dumps(model.table),
    }
    return filled(_PARAMETER, parts)


def _of_each_model() -> str:
    return Path(__file__).with_name("model.yaml.in").read_text(encoding="utf-8")


def _loops(loop: str, text: str, models: Sequence[Model]) -> Iterator[str]:
    """What is made of each model: of those whose table the stack names, and of the others."""
    own = {
        "@LOOP": loop,
        "@MODELS": ", ".join(model.id for model in models if not model.table),
        "@TABLE": f"{_TABLE}{_OWN}",
        "@NAME": "",
        "@ELSE": f"!Sub '{_OWN}'",
        "@VALUE": f"!Sub {_OWN}",
    }
    named = {
        "@LOOP": loop.replace("Model", "NamedModel"),
        "@MODELS": ", ".join(model.id for model in models if model.table),
        "@TABLE": f"{_TABLE}${{Name}}",
        "@NAME": f"Name: {_FROM_PARAMETER}, ",
        "@ELSE": _FROM_PARAMETER,
        "@VALUE": _FROM_PARAMETER,
    }
    yield from (filled(text, parts) for parts in (own, named) if parts["@MODELS"])


def _health(models: Sequence[Model]) -> str:
    """A Region's health is looked for in the first model's table."""
    first = next(iter(models), None)
    told = f"TABLE: !Ref {parameter(first.id)}" if first and first.table else _HEALTH
    return f"          {told}\n"


def _variables(named: Sequence[Model]) -> Iterator[str]:
    together = packed({model.id: model.table or "" for model in named})
    for number, models in enumerate(together, start=1):
        yield _told(f"TABLES_{number}", models, indent=8)


def _told(variable: str, models: Sequence[str], *, indent: int) -> str:
    """`Todo=Todo-abc123-prod;Note=...`, each ended by a semicolon; nothing without models."""
    if not models:
        return ""
    pairs = "".join(f"{model}=${{{parameter(model)}}};" for model in models)
    return f"{' ' * indent}{variable}: !Sub '{pairs}'\n"


def _resources(named: Iterable[Model], *behind: str) -> str:
    """What a statement of a policy is for: whatever is named for the stack, and each other table.

    Args:
        behind: what stands behind a table's ARN, for each resource of it.
    """
    ours = f"!Sub {_TABLE}${{AWS::StackName}}-*{behind[0]}"
    others = [
        f"!Sub {_TABLE}${{{parameter(model.id)}}}{end}"
        for model in named
        if model.table
        for end in behind
        if model.indexes or not end.startswith("/index")
    ]
    pad = " " * 16
    if not others:
        return f"{pad}Resource: {ours}\n"
    return f"{pad}Resource:\n" + "".join(f"{pad}  - {each}\n" for each in (ours, *others))
