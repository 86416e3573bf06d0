"""Where a page of items ended, as the opaque string that clients hand back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from localaws.appsync.attribute_values import map_for_dynamodb
from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError


class InvalidToken(LocalAwsError):
    """A nextToken that was not issued by any page."""


def write_token(last_key: Mapping[str, Json] | None) -> str | None:
    """The token for DynamoDB's LastEvaluatedKey; None after the last page."""
    if not last_key:
        return None
    text = json.dumps(_as_json(last_key), separators=(",", ":"), sort_keys=True)
    return base64.b64encode(text.encode()).decode()


def read_token(token: Json) -> dict[str, Json] | None:
    """DynamoDB's ExclusiveStartKey for a token. Raises InvalidToken."""
    if token is None:
        return None
    try:
        return map_for_dynamodb(json.loads(base64.b64decode(token, validate=True)))
    except (TypeError, AttributeError, ValueError, RecursionError):
        raise InvalidToken from None


def _as_json(key: Mapping[str, Json]) -> Json:
    # Keys are strings, numbers or bytes; only bytes have no JSON form.
    return {
        name: {
            kind: base64.b64encode(content).decode() if kind == "B" else content
            for kind, content in value.items()
        }
        for name, value in key.items()
    }
