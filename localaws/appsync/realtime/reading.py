"""What clients send, read without trusting any of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from localaws.appsync.ports import Json

_URL_SAFE_TO_STANDARD = str.maketrans("-_ ", "+/+")


def json_object(text: str | bytes) -> dict[str, Json] | None:
    """The JSON object that `text` holds; None for anything else, however broken."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # RecursionError: thousands of nested brackets
        return None
    return value if isinstance(value, dict) else None


def base64_object(text: str) -> dict[str, Json] | None:
    """The JSON object in Base64 of either alphabet, padded or not, its "+" read as " " or not."""
    digits = text.translate(_URL_SAFE_TO_STANDARD).rstrip("=")
    try:
        decoded = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        return None
    return json_object(decoded)


def header_fields(fields: Iterable[tuple[str, Json]]) -> dict[str, str]:
    """HTTP-like fields by lower-case name; of several spellings of a name, the first counts."""
    lowered: dict[str, str] = {}
    for name, value in fields:
        if isinstance(value, str):
            lowered.setdefault(name.lower(), value)
    return lowered
