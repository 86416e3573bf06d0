"""Finds resolvers whose fields are not in the schema: AppSync refuses them, the engine does not."""

from __future__ import annotations

import json

from antipode_tools.world.deployment.expansion import Template, TemplateRefused
from localaws.appsync import DeploymentError
from localaws.appsync.control_plane import check_fields

_SCHEMA = "AWS::AppSync::GraphQLSchema"
_RESOLVER = "AWS::AppSync::Resolver"


def check_resolvers(template: Template) -> None:
    """Check that the field of each resolver of a localised template is in its API's schema.

    Raises:
        TemplateRefused
    """
    for api, sdl in _schemas(template).items():
        resolvers = [
            (properties["TypeName"], properties["FieldName"])
            for properties in _properties(template, _RESOLVER)
            if _api_of(properties) == api
        ]
        try:
            check_fields(resolvers, sdl)
        except DeploymentError as error:
            raise TemplateRefused(str(error)) from error


def _schemas(template: Template) -> dict[str, str]:
    """The schema of each API."""
    return {
        _api_of(properties): properties["Definition"]
        for properties in _properties(template, _SCHEMA)
    }


def _api_of(properties: Template) -> str:
    """A key for the API that a resource refers to."""
    return json.dumps(properties["ApiId"])


def _properties(template: Template, type: str) -> list[Template]:
    resources = template["Resources"].values()
    return [each["Properties"] for each in resources if each["Type"] == type]
