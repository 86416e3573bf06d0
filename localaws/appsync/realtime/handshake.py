"""The upgrade: which credentials the client sent, and in which of the three ways.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html#handshake-details-to-establish-the-websocket-connection
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from localaws.appsync.ports import CONNECT_PATH, SignedRequest
from localaws.appsync.realtime import frames
from localaws.appsync.realtime.reading import base64_object, header_fields

SUBPROTOCOL = "graphql-ws"
_HEADER_SUBPROTOCOL = "header-"
_CONNECT_BODY = b"{}"
# The protocol's own parameters in the query string.
_PARAMETERS = frozenset({"header", "payload"})


class Way(StrEnum):
    """How the credentials were sent."""

    SUBPROTOCOL = "subprotocol"
    QUERY = "query"
    HEADERS = "headers"


@dataclass(frozen=True)
class Opening:
    """An upgrade that can be authenticated.

    `headers` is what resolvers of its subscriptions see as `ctx.request.headers`.
    """

    way: Way
    request: SignedRequest
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Refusal:
    """An upgrade that is completed only to send `frame` and close.

    `subprotocol` is None if the client offered none that the server may choose.
    """

    frame: str
    subprotocol: str | None = SUBPROTOCOL


def read_upgrade(
    *,
    query: str,
    subprotocols: Sequence[str],
    headers: Sequence[tuple[str, str]],
    hosts: Collection[str],
) -> Opening | Refusal:
    """Check an upgrade by its raw query string, offered subprotocols and HTTP headers.

    `hosts` are the names of the API, in lower case, that the header's `host` may be.
    """
    if SUBPROTOCOL not in subprotocols:
        message = "SubProtocolNotSupportedError" if subprotocols else "NoProtocolError"
        return Refusal(frames.connection_error(400, message=message), subprotocol=None)
    way, fields = _credentials(query, subprotocols, headers)
    if fields is None:
        return Refusal(frames.connection_error(400, type="BadRequest"))
    if "host" not in fields or not fields.keys() & {"x-api-key", "authorization"}:
        return Refusal(frames.connection_error(400, message="Required headers are missing."))
    if fields["host"].lower() not in hosts:
        return Refusal(_unknown_host(hosts))
    request = SignedRequest("POST", CONNECT_PATH, fields, _CONNECT_BODY)
    return Opening(way, request, _resolver_headers(query, headers) | fields)


def _resolver_headers(query: str, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The upgrade's own headers, and the custom ones that Amplify puts into the query string.

    A browser cannot set a WebSocket's headers, so Amplify's clients send each in the query
    string (aws-amplify/amplify-js#13735). Those of the start message reach no resolver
    (awslabs/aws-mobile-appsync-sdk-js#721).
    """
    custom = {
        name: value
        for name, value in _parameters(query).items()
        if name not in _PARAMETERS and name
    }
    fields = header_fields(headers) | header_fields(custom.items())
    return {name: value for name, value in fields.items() if not _is_of_the_upgrade(name)}


def _is_of_the_upgrade(name: str) -> bool:
    return name in {"connection", "upgrade"} or name.startswith("sec-websocket-")


def _credentials(
    query: str, subprotocols: Sequence[str], headers: Iterable[tuple[str, str]]
) -> tuple[Way, dict[str, str] | None]:
    """The fields of the header; None if they cannot be decoded."""
    for offered in subprotocols:
        if offered.startswith(_HEADER_SUBPROTOCOL):
            return Way.SUBPROTOCOL, _decoded(offered.removeprefix(_HEADER_SUBPROTOCOL))
    parameters = _parameters(query)
    if "header" not in parameters:
        return Way.HEADERS, header_fields(headers)
    if base64_object(parameters.get("payload", "")) != {}:
        return Way.QUERY, None
    return Way.QUERY, _decoded(parameters["header"])


def _decoded(header: str) -> dict[str, str] | None:
    fields = base64_object(header)
    return None if fields is None else header_fields(fields.items())


def _parameters(query: str) -> dict[str, str]:
    """The query's parameters, the first of each name. "+" is kept: it is a Base64 digit."""
    parameters: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        parameters.setdefault(unquote(name), unquote(value))
    return parameters


def _unknown_host(hosts: Collection[str]) -> str:
    return frames.connection_error(
        400,
        type="com.amazon.coral.service.http#HttpNotFoundException",
        message=f"no API here has the header's host: use {' or '.join(sorted(hosts))}",
    )
