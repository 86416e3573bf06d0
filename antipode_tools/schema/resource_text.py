"""The text of a resolver in template.yaml, which all that write resolvers share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

_RESOLVER = """\
  @ID:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: @TYPE
      FieldName: @FIELD
@KIND      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      CodeS3Location: @CODE
"""
_UNIT = """\
      DataSourceName: @SOURCE
      Kind: UNIT
"""
_PIPELINE = """\
      Kind: PIPELINE
      PipelineConfig:
        Functions: [@STEPS]
"""


def filled(text: str, parts: Mapping[str, str]) -> str:
    """The text with what stands for its places, which begin with @."""
    for place, part in parts.items():
        text = text.replace(place, part)
    return text


def unit(id_: str, type_: str, field: str, source: str, code: str) -> str:
    """A resolver of one step.

    Args:
        field: its name, or what CloudFormation makes it of.
        source: what names the data source.
        code: the path of the file.
    """
    return _resolver(id_, type_, field, filled(_UNIT, {"@SOURCE": source}), code)


def pipeline(id_: str, type_: str, field: str, steps: Iterable[str], code: str) -> str:
    """A resolver of several, which are functions by their logical ids."""
    listed = ", ".join(f"!GetAtt {step}.FunctionId" for step in steps)
    return _resolver(id_, type_, field, filled(_PIPELINE, {"@STEPS": listed}), code)


def looped(loop: str, variable: str, items: Iterable[str], resolver: str) -> str:
    """A loop that makes a resolver of each item."""
    body = textwrap.indent(resolver, "    ")
    # The first line of what is repeated is an entry of the loop's list.
    entry = f"    - {body.lstrip()}"
    return f"  Fn::ForEach::{loop}:\n    - {variable}\n    - [{', '.join(items)}]\n{entry}"


def _resolver(id_: str, type_: str, field: str, kind: str, code: str) -> str:
    parts = {"@ID": id_, "@TYPE": type_, "@FIELD": field, "@KIND": kind, "@CODE": code}
    return filled(_RESOLVER, parts)
