"""What serves operations of the user's own in template.yaml: resolvers, their steps, functions.

An operation is a pipeline, whose own two handlers let nobody in whom no scope lets in
(graphql/resolvers/operation.js), however many steps it has: AppSync may run the resolver of a field
that the authorizer denies. A field of a type, which is read with its item, has a resolver of one
step, or a pipeline of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.marks import marked
from antipode_tools.schema.resolved import Resolved, Step
from antipode_tools.schema.resource_text import filled, pipeline, unit

_PART = "operations by antipode schema"
_PIPELINE = "graphql/resolvers/operation.js"

_RESOURCE = re.compile(r"(?m)^  (\w+):$")

# One role for all of them, of what it takes to call these and no others.
_ROLE = """\
  FunctionSourceRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: appsync.amazonaws.com}
            Action: sts:AssumeRole
            Condition:
              StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
              ArnLike: {aws:SourceArn: !Sub 'arn:${AWS::Partition}:appsync:${AWS::Region}:${AWS::AccountId}:apis/*'}
      Policies:
        - PolicyName: functions
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: lambda:InvokeFunction
                Resource:
@FUNCTIONS"""  # noqa: E501  # of a template
_SOURCE = """\
  @IDSource:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: @ID_source
      Type: AWS_LAMBDA
      ServiceRoleArn: !GetAtt FunctionSourceRole.Arn
      LambdaConfig:
        LambdaFunctionArn: !GetAtt @ID.Arn
"""
# The data sources' role reads and writes items one by one; what is of use to several is here.
_TABLES = """\
  OperationsPolicy:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref DataSourceRole
      PolicyName: operations
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [dynamodb:BatchGetItem, dynamodb:BatchWriteItem, dynamodb:ConditionCheckItem]
            Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS::StackName}-*
"""  # noqa: E501  # of a template
_STEP = """\
  @ID:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: @NAME
      DataSourceName: !GetAtt @SOURCE.Name
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      CodeS3Location: @CODE
"""


def with_operations(template: str, resolved: Iterable[Resolved]) -> str:
    """The text of template.yaml with what serves these fields.

    Raises:
        TemplateError: the comments that mark the place are not there.
    """
    return marked(template, _PART, "\n".join(_resources(tuple(resolved))))


def resources(resolved: Iterable[Resolved]) -> list[str]:
    """The logical ids of all that serves these fields."""
    return _RESOURCE.findall("\n".join(_resources(tuple(resolved))))


def computing(resolved: Iterable[Resolved]) -> list[str]:
    """The logical ids of the resolvers of fields of types, which announcements ask for."""
    return [f"{_id(each)}Resolver" for each in resolved if each.steps and not each.is_operation]


def functions_of(resolved: Iterable[Resolved]) -> dict[str, Resolved]:
    """The functions that are called, by their logical ids, each with the first that calls it."""
    found: dict[str, Resolved] = {}
    for each in resolved:
        for step in each.steps:
            if step.function:
                found.setdefault(step.function, each)
    return found


def _resources(resolved: tuple[Resolved, ...]) -> Iterator[str]:
    if functions := list(functions_of(resolved)):
        lines = (f"                  - !GetAtt {each}.Arn\n" for each in functions)
        yield filled(_ROLE, {"@FUNCTIONS": "".join(lines)})
        for function in functions:
            yield filled(_SOURCE, {"@ID": function})
    if any(step.model for each in resolved for step in each.steps):
        yield _TABLES
    for each in resolved:
        if each.steps:
            yield from _of_field(each)


def _of_field(resolved: Resolved) -> Iterator[str]:
    steps = resolved.steps
    id_, type_, field = _id(resolved), resolved.type, resolved.field.name
    is_guarded = type_ in ("Query", "Mutation")
    if len(steps) == 1 and not is_guarded:
        source = f"!GetAtt {_source(steps[0])}.Name"
        yield unit(f"{id_}Resolver", type_, field, source, steps[0].code)
        return
    ids = [f"{id_}Step{number}" for number in range(1, len(steps) + 1)]
    for number, (step_id, step) in enumerate(zip(ids, steps, strict=True), start=1):
        name = f"{type_}_{field}_{number}"
        its = {"@ID": step_id, "@NAME": name, "@SOURCE": _source(step), "@CODE": step.code}
        yield filled(_STEP, its)
    yield pipeline(f"{id_}Resolver", type_, field, ids, _PIPELINE)


def _source(step: Step) -> str:
    if step.model:
        return f"{naming.logical(step.model)}DataSource"
    return f"{step.function}Source" if step.function else "LocalSource"


def _id(resolved: Resolved) -> str:
    return f"{naming.logical(resolved.type)}{naming.logical(resolved.field.name)}"
