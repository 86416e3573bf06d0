"""AppSync's real-time protocol, as text: what a client sends, and what the answers mean.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from antipode.json_values import Json

# The headers that let one request in: of its URL, its body and its other headers.
Sign = Callable[[str, bytes, Mapping[str, str]], Mapping[str, str]]

# What AppSync's documentation has IAM sign at the real-time endpoint, which gets no such headers.
SIGNED: Mapping[str, str] = {
    "accept": "application/json, text/javascript",
    "content-encoding": "amz-1.0",
    "content-type": "application/json; charset=UTF-8",
}

# The protocol's own name; AppSync answers with it.
SUBPROTOCOL = "graphql-ws"
INIT = '{"type":"connection_init"}'


@dataclass(frozen=True)
class Accepted:
    """The connection is accepted, or the subscription that it names."""

    id: str | None = None


@dataclass(frozen=True)
class Told:
    """What one subscription was told."""

    id: str
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Refused:
    """The service refused the connection, or a subscription, in its own words."""

    id: str | None
    why: str


@dataclass(frozen=True)
class Other:
    """What asks for nothing: a sign of life, the end of a subscription."""


Message = Accepted | Told | Refused | Other


def subprotocols(headers: Mapping[str, str]) -> list[str]:
    """The subprotocols of a connection that these headers sign: the form that has no limit but that
    of a header, where the one in the query ends at 2 KB or so."""
    text = json.dumps(dict(headers), separators=(",", ":")).encode()
    return [SUBPROTOCOL, f"header-{base64.urlsafe_b64encode(text).rstrip(b'=').decode()}"]


def data(document: str, variables: Mapping[str, Json]) -> str:
    """The operation of a subscription, as the text that its signature is for."""
    return json.dumps({"query": document, "variables": dict(variables)}, separators=(",", ":"))


def start(id_: str, operation: str, headers: Mapping[str, str]) -> str:
    """The frame that starts a subscription.

    Args:
        operation: what `data` made.
    """
    payload = {"data": operation, "extensions": {"authorization": dict(headers)}}
    return json.dumps({"id": id_, "type": "start", "payload": payload}, separators=(",", ":"))


def understood(frame: str) -> Message:
    """What a frame of the service's means.

    Raises:
        ValueError: it is no frame of this protocol.
    """
    message = json.loads(frame)
    match message:
        case {"type": "connection_ack"}:
            return Accepted()
        case {"type": "start_ack", "id": str(id_)}:
            return Accepted(id_)
        case {"type": "data", "id": str(id_), "payload": {"data": dict(told)}}:
            return Told(id_, told)
        case {"type": "data", "id": str(id_)}:
            return Refused(id_, _why(message))
        case {"type": "error" | "connection_error"}:
            return Refused(message.get("id"), _why(message))
        case {"type": str()}:
            return Other()
        case _:
            raise ValueError("no frame of AppSync's real-time protocol")


def _why(message: Json) -> str:
    """The service's words: of these frames there is more than one form."""
    match message.get("payload"):
        case {"errors": [*errors]}:
            words = [
                f"{error.get('errorType', 'error')}: {error.get('message', '')}".rstrip(": ")
                for error in errors
                if isinstance(error, dict)
            ]
            return "; ".join(words) or "an error without a word"
        case payload:
            return json.dumps(payload)
