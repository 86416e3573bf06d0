"""The events that CloudFront passes to functions at the edge.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from localaws.json_value import Json

# A parsed JSON document.

# Hidden from every function: they belong to the connection.
_NOT_SHOWN = frozenset(
    {"connection", "expect", "keep-alive", "trailer", "transfer-encoding", "upgrade"}
)


@dataclass(frozen=True)
class Viewer:
    """The viewer, as CloudFront sees it.

    Args:
        country: empty if CloudFront does not know it.
    """

    address: str
    country: str = ""


@dataclass(frozen=True)
class Request:
    """A viewer's request, with its headers by lower-case name."""

    host: str
    path: str = "/graphql"
    method: str = "POST"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def viewer_request(request: Request, viewer: Viewer) -> Json:
    """The event of a CloudFront Function, before the cache is looked at."""
    return {
        "version": "1.0",
        "context": {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": "EDFDVBD6EXAMPLE",
            "eventType": "viewer-request",
            "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
        },
        "viewer": {"ip": viewer.address},
        "request": {
            "method": request.method,
            "uri": request.path,
            "querystring": {name: {"value": value} for name, value in parse_qsl(request.query)},
            "headers": {name: {"value": value} for name, value in _shown(request, viewer)},
            "cookies": {},
        },
    }


def origin_request(request: Request, viewer: Viewer, origin: Json) -> Json:
    """The event of a Lambda@Edge function, after the cache was looked at."""
    return {
        "Records": [
            {
                "cf": {
                    "config": {
                        "distributionDomainName": "d111111abcdef8.cloudfront.net",
                        "distributionId": "EDFDVBD6EXAMPLE",
                        "eventType": "origin-request",
                        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
                    },
                    "request": {
                        "clientIp": viewer.address,
                        "method": request.method,
                        "uri": request.path,
                        "querystring": request.query,
                        "headers": {
                            name: [{"key": name.title(), "value": value}]
                            for name, value in _shown(request, viewer)
                        },
                        "origin": {"custom": origin},
                    },
                }
            }
        ]
    }


def custom_origin(domain: str, headers: Mapping[str, str]) -> Json:
    """An origin as the event shows it, with the headers that the distribution adds for it."""
    return {
        "customHeaders": {
            name.lower(): [{"key": name, "value": value}] for name, value in headers.items()
        },
        "domainName": domain,
        "keepaliveTimeout": 60,
        "path": "",
        "port": 443,
        "protocol": "https",
        "readTimeout": 35,
        "sslProtocols": ["TLSv1.2"],
    }


def _shown(request: Request, viewer: Viewer) -> Iterable[tuple[str, str]]:
    """The headers that a function sees, without a country that the viewer claims itself."""
    yield "host", request.host
    for name, value in request.headers.items():
        if name not in _NOT_SHOWN | {"host", "cloudfront-viewer-country"}:
            yield name, value
    if viewer.country:
        yield "cloudfront-viewer-country", viewer.country
