"""DynamoDB attribute values: as a resolver writes them, as boto3 takes them, as plain JSON.

https://docs.aws.amazon.com/appsync/latest/devguide/js-aws-appsync-resolver-reference-dynamodb-typed-values-request.html
https://docs.aws.amazon.com/appsync/latest/devguide/js-aws-appsync-resolver-reference-dynamodb-typed-values-responses.html
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from decimal import Decimal

from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError

# Whole numbers up to here are exact in a double, which is all that JavaScript has.
MAX_SAFE_INTEGER = 2**53 - 1


class MalformedValue(LocalAwsError, ValueError):
    """A resolver sent what is not an attribute value: the text says what it must be."""


def for_dynamodb(written: Json) -> Json:
    """A typed value as a resolver wrote it (`{"N": 1}`), as boto3 takes it (`{"N": "1"}`)."""
    kind, value = _typed(written)
    match kind, value:
        case ("S", str()) | ("BOOL", bool()):
            return {kind: value}
        case "SS", list() if all(isinstance(each, str) for each in value):
            return {kind: value}
        case "NULL", _:
            # `toDynamoDB` writes `{"NULL": null}`.
            return {kind: True}
        case "N", _:
            return {kind: _number_text(value)}
        case "B", str():
            return {kind: _bytes(value)}
        case "NS", list():
            return {kind: [_number_text(each) for each in value]}
        case "BS", list():
            return {kind: [_bytes(each) for each in value]}
        case "L", list():
            return {kind: [for_dynamodb(each) for each in value]}
        case "M", dict():
            return {kind: map_for_dynamodb(value)}
        case _:
            raise MalformedValue(f"must be a value of type {kind}")


def map_for_dynamodb(written: Mapping[str, Json] | None) -> dict[str, Json]:
    """A map of typed values, such as a key or an item."""
    return {name: for_dynamodb(value) for name, value in (written or {}).items()}


def plain(value: Json) -> Json:
    """An attribute value as boto3 gave it, as the JSON that resolvers see."""
    kind, content = _typed(value)
    match kind:
        case "S" | "BOOL" | "SS":
            return content
        case "NULL":
            return None
        case "N":
            return _number(content)
        case "B":
            return _base64(content)
        case "NS":
            return [_number(each) for each in content]
        case "BS":
            return [_base64(each) for each in content]
        case "L":
            return [plain(each) for each in content]
        case "M":
            return plain_map(content)
        case _:
            raise MalformedValue("must be of an attribute type")


def plain_map(values: Mapping[str, Json]) -> dict[str, Json]:
    return {name: plain(value) for name, value in values.items()}


def _typed(value: Json) -> tuple[str, Json]:
    if not isinstance(value, dict) or len(value) != 1:
        raise MalformedValue('must be a typed value such as {"S": "text"}')
    return next(iter(value.items()))


def _number_text(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MalformedValue("must be a number")
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) <= MAX_SAFE_INTEGER
    return str(int(value)) if is_whole else str(value)


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _bytes(text: Json) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise MalformedValue("must be written in base64") from None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
