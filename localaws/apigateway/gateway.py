"""A Region's HTTP API on one machine: the routes that are deployed, and nothing else.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from localaws.asgi import Message, Receive, Send

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_lambda import LambdaClient

# Of an HTTP API: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MOST_BODY_BYTES = 10 * 1024 * 1024

# These belong to a connection, and the other side has its own.
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade"}
)


@dataclass(frozen=True)
class Request:
    """A client's request."""

    method: str
    path: str
    host: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """The response to it."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


Integration = Callable[[Request], Response]
"""Answers a request. It may block: it is called in a thread."""


def said(status: int, message: str) -> Response:
    """A response of API Gateway's own."""
    body = json.dumps({"message": message}).encode()
    return Response(status, body, (("content-type", "application/json"),))


@dataclass(frozen=True)
class Gateway:
    """An ASGI application.

    Args:
        hosts: the names that it may be called by.
        routes: integrations by route key (`POST /graphql`).
        is_dark: whether the Region is lost: then every request is a 503.
    """

    hosts: frozenset[str]
    routes: Mapping[str, Integration] = field(default_factory=dict)
    is_dark: Callable[[], bool] = lambda: False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await serve(self.answer, scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The response to a request."""
        if self.is_dark():
            return said(503, "Service Unavailable")
        if request.host not in self.hosts:
            return said(403, "Forbidden")
        route = self.routes.get(f"{request.method} {request.path}")
        if route is None:
            return said(404, "Not Found")
        try:
            return await asyncio.to_thread(route, request)
        except (OSError, BotoCoreError, ClientError):
            return said(503, "Service Unavailable")


async def serve(
    answer: Callable[[Request], Awaitable[Response]], scope: Message, receive: Receive, send: Send
) -> None:
    """Answer a request of an ASGI server."""
    if scope["type"] != "http":
        # An HTTP API does not pass WebSockets.
        await receive()
        await send({"type": "websocket.close", "code": 1000})
        return
    request = await _received(scope, receive)
    response = said(413, "Request Entity Too Large")
    if request is not None:
        response = await answer(request)
    await _send(response, send)


async def _received(scope: Message, receive: Receive) -> Request | None:
    """The request; None if it is too large."""
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"])
    body, more = b"", True
    while more and len(body) <= MOST_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > MOST_BODY_BYTES:
        return None
    return Request(scope["method"], scope["path"], dict(headers).get("host", ""), headers, body)


async def _send(response: Response, send: Send) -> None:
    lengths = (("content-length", str(len(response.body))),)
    headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in response.headers + lengths]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def proxy(url: str, timeout_s: float) -> Integration:
    """HTTP_PROXY: forwards the request to another host."""
    target = urlsplit(url)

    def forwarded(request: Request) -> Response:
        connection = HTTPConnection(target.netloc, timeout=timeout_s)
        try:
            connection.request(request.method, target.path, request.body, _kept(request.headers))
            answer = connection.getresponse()
            return Response(
                answer.status, answer.read(), tuple(_kept(answer.headers.items()).items())
            )
        finally:
            connection.close()

    return forwarded


def invoke(functions: LambdaClient, function: str) -> Integration:
    """AWS_PROXY: invokes a function, which returns the response."""

    def invoked(request: Request) -> Response:
        event = {"version": "2.0", "rawPath": request.path, "headers": dict(request.headers)}
        called = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        if called.get("FunctionError"):
            return said(500, "Internal Server Error")
        told = json.loads(called["Payload"].read())
        headers = tuple(told.get("headers", {}).items())
        return Response(int(told["statusCode"]), told.get("body", "").encode(), headers)

    return invoked


def _kept(headers: Any) -> dict[str, str]:
    # By lower-case name: clients may write them in any case.
    return {k.lower(): v for k, v in headers if k.lower() not in _OF_THE_CONNECTION}


def deployed(client: ApiGatewayV2Client, functions: LambdaClient) -> dict[str, Integration]:
    """The deployed routes of the Region's only HTTP API."""
    [api] = client.get_apis()["Items"]
    integrations = {
        each["IntegrationId"]: _integration(each, functions)
        for each in client.get_integrations(ApiId=api["ApiId"])["Items"]
    }
    return {
        each["RouteKey"]: integrations[each["Target"].removeprefix("integrations/")]
        for each in client.get_routes(ApiId=api["ApiId"])["Items"]
    }


# Any: a description as botocore types it, with every key optional.
def _integration(described: Any, functions: LambdaClient) -> Integration:
    uri = described["IntegrationUri"]
    match described["IntegrationType"]:
        case "HTTP_PROXY":
            return proxy(uri, described.get("TimeoutInMillis", 30_000) / 1000)
        case "AWS_PROXY":
            return invoke(functions, _function(uri))
        case other:
            raise ValueError(f"an integration of type {other} is not supported")


def _function(uri: str) -> str:
    """A function's ARN, of itself or of API Gateway's name for invoking it."""
    return uri.rpartition("/functions/")[2].removesuffix("/invocations")
