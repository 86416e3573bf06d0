"""The loop over subscriptions in template.yaml: those of models with owners, and no others.

A subscription needs no resolver to hear announcements; one whose filter the server sets does. Where
no model has an owner there is no loop, for CloudFormation says nothing of empty ones.
"""

from __future__ import annotations

from collections.abc import Iterable

from antipode_tools.schema.marks import marked
from antipode_tools.schema.models import Model

_PART = "subscriptions by antipode schema"

_LOOP = """\
  Fn::ForEach::EachOwnedSubscription:
    - Subscription
    - [%s]
    - ${Subscription}Resolver:
        Type: AWS::AppSync::Resolver
        DependsOn: Schema
        Properties:
          ApiId: !GetAtt Api.ApiId
          TypeName: Subscription
          FieldName: !Ref Subscription
          DataSourceName: !GetAtt LocalSource.Name
          Kind: UNIT
          Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
          CodeS3Location: graphql/resolvers/subscribe.js
"""


def owned(models: Iterable[Model]) -> tuple[str, ...]:
    """The subscriptions that are filtered by owner."""
    return tuple(name for model in models if model.owner for name in model.subscriptions)


def with_subscriptions(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with a resolver for each subscription of models with owners.

    Raises:
        TemplateError: the comments that mark the loop are not there.
    """
    names = ", ".join(owned(models))
    return marked(template, _PART, _LOOP % names if names else "")
