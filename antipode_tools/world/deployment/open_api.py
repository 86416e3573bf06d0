"""The OpenAPI body of an HTTP API as the resources that it stands for: the engine knows no other.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

GATEWAY_TYPE = "AWS::ApiGatewayV2::Api"
_INTEGRATION = "x-amazon-apigateway-integration"

# What an integration says there, by the property that says it of a resource.
_PROPERTIES = {
    "IntegrationMethod": "httpMethod",
    "IntegrationUri": "uri",
    "PayloadFormatVersion": "payloadFormatVersion",
    "RequestParameters": "requestParameters",
    "TimeoutInMillis": "timeoutInMillis",
}

# A resource of a template, or a part of it.
Node = Any


def without_bodies(resources: Mapping[str, Node]) -> dict[str, Node]:
    """The resources, with an API's routes and integrations beside it instead of in its body."""
    return {
        name: each
        for api, resource in resources.items()
        for name, each in (
            _parts(api, resource["Properties"]["Body"])
            if resource["Type"] == GATEWAY_TYPE and "Body" in resource["Properties"]
            else [(api, resource)]
        )
    }


def _parts(api: str, body: Node) -> Iterator[tuple[str, Node]]:
    yield api, _resource("Api", Name=body["info"]["title"], ProtocolType="HTTP")
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            told = operation[_INTEGRATION]
            name = f"{api}{method.title()}{re.sub('[^A-Za-z0-9]', '', path)}"
            yield (
                f"{name}Integration",
                _resource(
                    "Integration",
                    ApiId={"Ref": api},
                    IntegrationType=told["type"].upper(),
                    **{to: told[at] for to, at in _PROPERTIES.items() if at in told},
                ),
            )
            yield (
                f"{name}Route",
                _resource(
                    "Route",
                    ApiId={"Ref": api},
                    RouteKey=f"{method.upper()} {path}",
                    # As the expansion of a template leaves Fn::Sub.
                    Target=f"integrations/${{{name}Integration}}",
                ),
            )


def _resource(kind: str, **properties: Node) -> Node:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}
