"""The client's `start` message: what it subscribes to, and its credentials.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html#subscription-registration-message
"""

from __future__ import annotations

from dataclasses import dataclass

from localaws.appsync.ports import GraphQLRequest, Json, SignedRequest
from localaws.appsync.realtime.reading import header_fields, json_object

_START_PATH = "/graphql"


@dataclass(frozen=True)
class Start:
    """A well-formed start, before its credentials and its GraphQL are checked."""

    id: str
    signed: SignedRequest
    request: GraphQLRequest


def subscription_id(message: dict[str, Json]) -> str | None:
    """The message's id: any non-empty string, unique on its connection only."""
    id = message.get("id")
    return id if isinstance(id, str) and id else None


def read_start(message: dict[str, Json]) -> Start | None:
    """None if the service would not recognise the message as a start."""
    id = subscription_id(message)
    payload = message.get("payload")
    if id is None or not isinstance(payload, dict):
        return None
    data, extensions = payload.get("data"), payload.get("extensions")
    if not isinstance(data, str) or not isinstance(extensions, dict):
        return None
    authorization = extensions.get("authorization")
    request = _graphql(data)
    if not isinstance(authorization, dict) or request is None:
        return None
    # The signature covers these exact bytes: decoding and encoding the JSON again would break it.
    body = data.encode(errors="replace")
    return Start(
        id, SignedRequest("POST", _START_PATH, header_fields(authorization.items()), body), request
    )


def _graphql(data: str) -> GraphQLRequest | None:
    fields = json_object(data)
    if fields is None or not isinstance(fields.get("query"), str):
        return None
    variables, operation_name = fields.get("variables"), fields.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(operation_name, str | None):
        return None
    return GraphQLRequest(fields["query"], variables or {}, operation_name)
