"""The loops over indexes in template.yaml: the resolvers of the queries by them.

A loop for each model with indexes, since the data source is the model's. Where no model has any
there is none.
"""

from __future__ import annotations

from collections.abc import Iterable

from antipode_tools.schema.marks import marked
from antipode_tools.schema.models import Model

_PART = "queries by antipode schema"

_LOOP = """\
  Fn::ForEach::EachIndexOf@MODEL:
    - Query
    - [@QUERIES]
    - ${Query}Resolver:
        Type: AWS::AppSync::Resolver
        DependsOn: Schema
        Properties:
          ApiId: !GetAtt Api.ApiId
          TypeName: Query
          FieldName: !Ref Query
          DataSourceName: !GetAtt @MODELDataSource.Name
          Kind: UNIT
          Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
          CodeS3Location: graphql/resolvers/list.js
"""


def with_index_queries(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with a resolver for each query by an index.

    Raises:
        TemplateError: the comments that mark the loops are not there.
    """
    return marked(template, _PART, "\n".join(_loop(model) for model in models if model.indexes))


def _loop(model: Model) -> str:
    queries = ", ".join(index.query for index in model.indexes)
    return _LOOP.replace("@QUERIES", queries).replace("@MODEL", model.name)
