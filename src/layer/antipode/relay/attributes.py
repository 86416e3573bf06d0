"""DynamoDB attribute values to JSON text: exact numbers, sets as lists, binary as base64.

Text and not Python values, so that a number of 38 digits passes through untouched and the size
of each field is known.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from antipode.json_values import Json
from antipode.relay.errors import MalformedRecordError

# What a document selects: a leaf is the name of its GraphQL type, an object maps its fields.
Shape = str | Mapping[str, "Shape"]

# The shape of what is written whole, whatever it holds.
WHOLE: Shape = "AWSJSON"

# What json.dumps(text, ensure_ascii=False) ends in for a text, without what comes before.
quoted: Callable[[str], str] = json.encoder.encode_basestring

# The number form of DynamoDB, which is also that of JSON.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def encode(value: Json, shape: Shape = WHOLE) -> str:
    """The JSON text of one attribute value; of an object, the fields of its shape alone.

    Raises:
        MalformedRecordError: the value is no attribute value.
    """
    if not isinstance(value, dict) or len(value) != 1:
        raise MalformedRecordError("an attribute value is not an object with one type")
    [(tag, content)] = value.items()
    encoder = _ENCODERS.get(tag)
    if encoder is None:
        raise MalformedRecordError(f"an attribute value has the unknown type {tag!r:.12}")
    return encoder(content, shape)


def encode_fields(image: Mapping[str, Json], fields: Mapping[str, Shape]) -> dict[str, str]:
    """The JSON text of each field, in their order; what the image lacks is null."""
    return {
        name: encode(image[name], shape) if name in image else "null"
        for name, shape in fields.items()
    }


def join(fields: Mapping[str, str]) -> str:
    """The JSON text of an object from the texts of its fields, whose names need no escaping."""
    return "{" + ",".join([f'"{name}":{text}' for name, text in fields.items()]) + "}"


def _string(content: Json, _: Shape) -> str:
    if not isinstance(content, str):
        raise MalformedRecordError("an attribute value of type S or B is not a string")
    return quoted(content)


def _number(content: Json, _: Shape) -> str:
    if not isinstance(content, str) or not _NUMBER.fullmatch(content):
        raise MalformedRecordError("an attribute value of type N is not a decimal number")
    return content


def _boolean(content: Json, _: Shape) -> str:
    if not isinstance(content, bool):
        raise MalformedRecordError("an attribute value of type BOOL is not true or false")
    return "true" if content else "false"


def _null(_: Json, __: Shape) -> str:
    return "null"


def _list_of(element: Callable[[Json, Shape], str]) -> Callable[[Json, Shape], str]:
    def encode_list(content: Json, shape: Shape) -> str:
        if not isinstance(content, list):
            raise MalformedRecordError("an attribute value of a list or set is not a list")
        return "[" + ",".join([element(value, shape) for value in content]) + "]"

    return encode_list


def _map(content: Json, shape: Shape) -> str:
    if not isinstance(content, dict):
        raise MalformedRecordError("an attribute value of type M is not an object")
    if not isinstance(shape, str):
        return join(encode_fields(content, shape))
    members = [f"{quoted(name)}:{encode(value)}" for name, value in content.items()]
    return "{" + ",".join(members) + "}"


_ENCODERS: Mapping[str, Callable[[Json, Shape], str]] = {
    "S": _string,
    "N": _number,
    "B": _string,  # base64 in the event, base64 in the announcement
    "BOOL": _boolean,
    "NULL": _null,
    "SS": _list_of(_string),
    "NS": _list_of(_number),
    "BS": _list_of(_string),
    "L": _list_of(encode),
    "M": _map,
}
