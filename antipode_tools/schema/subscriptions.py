"""The loop over subscriptions in template.yaml: a resolver for each, which sets its filter.

AppSync's own matching of arguments takes one that is null, as a variable that is not given, for a
request to hear of nulls alone. And who hears of an item with an owner is the server's to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from antipode_tools.schema.marks import marked
from antipode_tools.schema.models import Model

_PART = "subscriptions by antipode schema"

_LOOP = """\
  Fn::ForEach::EachSubscription:
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


def with_subscriptions(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with a resolver for each subscription.

    Raises:
        TemplateError: the comments that mark the loop are not there.
    """
    names = ", ".join(name for model in models for name in model.subscriptions)
    return marked(template, _PART, _LOOP % names)
