"""The HTTP side of one Region's API, as an ASGI application.

Statuses and bodies: https://github.com/graphql/graphql-over-http/issues/81 (the AppSync team).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from localaws.appsync import strict_json
from localaws.appsync.counts import Counts
from localaws.appsync.documents import RequestRefused
from localaws.appsync.endpoint import GraphQLEndpoint
from localaws.appsync.ports import GraphQLRequest, Json, SignedRequest, Unauthenticated
from localaws.asgi import Message, Receive, Send
from localaws.errors import LocalAwsError

log = logging.getLogger(__name__)

# The service publishes no limit for a request. No handler may return more than 5 MB, and an item
# is at most 400 KB: a larger request could only waste memory.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_BODY_BYTES = 5 * 1024 * 1024

# The service is behind CloudFront, which passes nothing longer.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MAX_HEAD_BYTES = 32_768
MAX_URL_BYTES = 8_192

# AWS's status by error type; any other type is 401.
REFUSAL_STATUS = {"BadRequestException": 400, "UnrecognizedClientException": 403}

_CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": (
        "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-appsync-TokensConsumed"
    ),
}
_MAX_AGE_S = "172800"
_MALFORMED = "MalformedHttpRequestException"


@dataclass(frozen=True)
class Response:
    """A status, a body, and headers in addition to those of every response."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class ClientGone(LocalAwsError):
    """The client hung up before its request was complete: there is nothing to run or to answer."""


class GraphQLOverHttp:
    """Serves the API that `endpoint_of` returns; nothing is found while it returns None."""

    def __init__(
        self, endpoint_of: Callable[[], GraphQLEndpoint | None], counts: Counts | None = None
    ) -> None:
        self._endpoint_of = endpoint_of
        self._counts = counts or Counts()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive)
        except ClientGone:
            return
        except RequestRefused as error:
            response = refusal(error.status, error.error_type, error.message)
        except Unauthenticated as error:
            status = REFUSAL_STATUS.get(error.error_type, 401)
            response = refusal(status, error.error_type, error.message)
        except Exception:  # whatever fails, the client gets an answer and other requests continue
            log.exception("%s %s failed", scope["method"], scope["path"])
            response = refusal(500, "InternalFailure", "An internal failure occurred.")
        await _send(response, send)

    async def _respond(self, scope: Message, receive: Receive) -> Response:
        _check_head(scope)
        match scope["path"], scope["method"]:
            case "/ping", "GET":
                return Response(200, b"healthy", {"content-type": "text/plain"})
            case "/graphql", "OPTIONS":
                return _preflight(_headers(scope))
            case "/graphql", "GET" | "POST":
                return await self._graphql(scope, receive)
            case _:
                return _not_found()

    async def _graphql(self, scope: Message, receive: Receive) -> Response:
        endpoint = self._endpoint_of()
        if endpoint is None:
            return _not_found()
        self._counts.requested()
        body, headers = await _read_body(receive), _headers(scope)
        query = scope["query_string"].decode("latin-1")
        path = scope.get("raw_path", b"/graphql").decode("latin-1").partition("?")[0]
        identity = await endpoint.authenticate(
            SignedRequest(scope["method"], path, headers, body, query)
        )
        request = read_query(query) if scope["method"] == "GET" else read_body(body)
        executed = await endpoint.execute(identity, request, headers)
        return _json(200, executed.body, executed.headers)


# -- Requests ---------------------------------------------------------------------------------


def read_body(body: bytes) -> GraphQLRequest:
    """A posted request: JSON or, since the service accepts that as well, a bare document."""
    if not body.strip():
        raise RequestRefused(400, _MALFORMED, "Request body is empty.")
    try:
        fields = strict_json.loads(body)
    except ValueError:
        return GraphQLRequest(body.decode(errors="replace"))
    return _request(fields)


def read_query(query: str) -> GraphQLRequest:
    """A request in the query string, its variables as JSON."""
    fields: dict[str, Json] = {name: values[0] for name, values in parse_qs(query).items()}
    if "variables" in fields:
        try:
            fields["variables"] = strict_json.loads(fields["variables"])
        except ValueError:
            raise _unparsable() from None
    return _request(fields)


def _request(fields: Json) -> GraphQLRequest:
    match fields:
        case {"query": str(query)}:
            variables, name = fields.get("variables"), fields.get("operationName")
            if not isinstance(variables, dict | None) or not isinstance(name, str | None):
                raise _unparsable()
            return GraphQLRequest(query, variables or {}, name or None)
        case _:
            raise _unparsable()


def _unparsable() -> RequestRefused:
    return RequestRefused(400, _MALFORMED, "Unable to parse GraphQL query.")


def _check_head(scope: Message) -> None:
    url = len(scope["path"].encode()) + len(scope["query_string"])
    head = url + sum(len(name) + len(value) for name, value in scope["headers"])
    if url > MAX_URL_BYTES or head > MAX_HEAD_BYTES:
        raise RequestRefused(
            413,
            "RequestEntityTooLargeException",
            f"URL and headers are {head} bytes, limit is {MAX_HEAD_BYTES}, "
            f"and {MAX_URL_BYTES} for the URL.",
        )


def _headers(scope: Message) -> dict[str, str]:
    """Headers by lower-case name; several values of a name are joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise RequestRefused(
                413,
                "RequestEntityTooLargeException",
                f"Request body is over the limit of {MAX_BODY_BYTES} bytes.",
            )
    return bytes(body)


# -- Responses --------------------------------------------------------------------------------


def refusal(status: int, error_type: str, message: str | None) -> Response:
    """The service's answer to a request that it did not run."""
    error = {"errorType": error_type} | ({"message": message} if message else {})
    body = {"errors": [error]}
    return _json(status, body, {"x-amzn-errortype": error_type})


def _json(status: int, body: Json, headers: Mapping[str, str]) -> Response:
    return Response(
        status,
        strict_json.encoded(body),
        {"content-type": "application/json;charset=UTF-8", **headers},
    )


def _preflight(headers: Mapping[str, str]) -> Response:
    return Response(
        200,
        headers={
            "access-control-allow-methods": "GET,POST,OPTIONS",
            "access-control-allow-headers": headers.get("access-control-request-headers", "*"),
            "access-control-max-age": _MAX_AGE_S,
        },
    )


def _not_found() -> Response:
    # The service routes by host name, and knows no other path: the same answer for both.
    return refusal(404, "HttpNotFoundException", "Not found.")


async def _send(response: Response, send: Send) -> None:
    headers = {
        "content-length": str(len(response.body)),
        "x-amzn-requestid": str(uuid.uuid4()),
        **_CORS,
        **response.headers,
    }
    encoded = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    await send({"type": "http.response.body", "body": response.body})
