"""AppSync's own scalars: what they accept, and how they are rendered.

https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html
"""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from graphql import GraphQLScalarType, IntValueNode, StringValueNode, ValueNode

from localaws.appsync import java, strict_json
from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError


class InvalidValue(LocalAwsError, ValueError):
    """A value that the scalar does not have."""


def parse_date(value: Json) -> str:
    """AWSDate: YYYY-MM-DD, with an optional offset."""
    matched = _match(_DATE, value)
    _check_calendar(matched)
    _check_offset(matched)
    return matched.string


def parse_time(value: Json) -> str:
    """AWSTime: hh:mm, with optional seconds, fraction and offset."""
    matched = _match(_TIME, value)
    _check_offset(matched)
    return matched.string


def parse_date_time(value: Json) -> str:
    """AWSDateTime: YYYY-MM-DDThh:mm, with optional seconds and fraction; the offset is required."""
    matched = _match(_DATE_TIME, value)
    _check_calendar(matched)
    _check_offset(matched)
    return matched.string


def parse_timestamp(value: Json) -> int:
    """AWSTimestamp: whole seconds since the epoch."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value != int(value):
        raise InvalidValue
    return int(value)


def parse_email(value: Json) -> str:
    """AWSEmail: local-part@domain-part."""
    return _match(_EMAIL, value).string


def parse_json(value: Json) -> Json:
    """AWSJSON, in: a string that holds JSON. Resolvers see what it holds."""
    try:
        return strict_json.loads(_text(value))
    except ValueError:
        raise InvalidValue from None


def render_json(value: Json) -> str:
    """AWSJSON, out: JSON in a string, whatever the resolver returned."""
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InvalidValue from None


def parse_url(value: Json) -> str:
    """AWSURL: with a scheme, and no two slashes in the path."""
    text = _text(value)
    try:
        split = urlsplit(text)
    except ValueError:
        raise InvalidValue from None
    has_target = bool(split.netloc or split.path)
    if not split.scheme or not has_target or "//" in split.path or re.search(r"\s", text):
        raise InvalidValue
    return text


def parse_phone(value: Json) -> str:
    """AWSPhone: with a country code, or of the North American plan; spaces and hyphens allowed."""
    text = _text(value)
    digits = re.sub(r"[ -]", "", text)
    if not (_INTERNATIONAL.fullmatch(digits) or _NORTH_AMERICAN.fullmatch(digits)):
        raise InvalidValue
    return text


def parse_ip_address(value: Json) -> str:
    """AWSIPAddress: IPv4 or IPv6, with an optional CIDR suffix."""
    text = _text(value)
    address, _, suffix = text.partition("/")
    if "%" in address or (_ != "" and not (suffix.isascii() and suffix.isdecimal())):
        raise InvalidValue
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        raise InvalidValue from None
    return text


@dataclass(frozen=True)
class Scalar:
    """One scalar: how it is read and rendered, and what error messages call it."""

    name: str
    noun: str
    parse: Callable[[Json], Json]
    render: Callable[[Json], Json]


SCALARS = (
    Scalar("AWSDate", "Date Object", parse_date, parse_date),
    Scalar("AWSTime", "Time Object", parse_time, parse_time),
    Scalar("AWSDateTime", "DateTime Object", parse_date_time, parse_date_time),
    Scalar("AWSTimestamp", "Timestamp", parse_timestamp, parse_timestamp),
    Scalar("AWSEmail", "Email", parse_email, parse_email),
    Scalar("AWSJSON", "JSON", parse_json, render_json),
    Scalar("AWSURL", "URL", parse_url, parse_url),
    Scalar("AWSPhone", "phone number", parse_phone, parse_phone),
    Scalar("AWSIPAddress", "IP Address", parse_ip_address, parse_ip_address),
)


def equip(scalar_type: GraphQLScalarType, scalar: Scalar) -> None:
    """Give a scalar type built from SDL its behaviour."""
    scalar_type.coerce_input_value = lambda value: _read(scalar, value)
    scalar_type.coerce_input_literal = lambda node: _read(scalar, _literal(node))
    scalar_type.coerce_output_value = lambda value: _write(scalar, value)


def _read(scalar: Scalar, value: Json) -> Json:
    try:
        return scalar.parse(value)
    except InvalidValue:
        raise InvalidValue(_sentence("parse", value, scalar)) from None


def _write(scalar: Scalar, value: Json) -> Json:
    try:
        return scalar.render(value)
    except InvalidValue:
        raise InvalidValue(_sentence("serialize", value, scalar)) from None


def _sentence(verb: str, value: Json, scalar: Scalar) -> str:
    return f"Unable to {verb} `{java.text(value)}` as a valid {scalar.noun}."


def _literal(node: ValueNode) -> Json:
    match node:
        case StringValueNode():
            return node.value
        case IntValueNode():
            return int(node.value)
        case _:
            # No scalar takes another kind of literal: None is refused by all of them.
            return None


_OFFSET = r"(?P<offset>Z|[+-](?P<hours>\d{2}):(?P<minutes>[0-5]\d)(:[0-5]\d)?)"
_DAY = r"-?(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_DATE = re.compile(rf"{_DAY}{_OFFSET}?", re.ASCII)
_TIME = re.compile(rf"{_CLOCK}{_OFFSET}?", re.ASCII)
_DATE_TIME = re.compile(rf"{_DAY}T{_CLOCK}{_OFFSET}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_NORTH_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}", re.ASCII)

# The widest offset that java.time knows, and so the service.
_MAX_OFFSET_HOURS = 18


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    raise InvalidValue


def _match(pattern: re.Pattern[str], value: Json) -> re.Match[str]:
    if matched := pattern.fullmatch(_text(value)):
        return matched
    raise InvalidValue


def _check_calendar(matched: re.Match[str]) -> None:
    # A year of the Gregorian calendar's 400-year cycle stands for any, 0000 and negative included.
    year = 2000 + int(matched["year"]) % 400
    try:
        date(year, int(matched["month"]), int(matched["day"]))
    except ValueError:
        raise InvalidValue from None


def _check_offset(matched: re.Match[str]) -> None:
    if matched["hours"] is None:
        return
    hours, minutes = int(matched["hours"]), int(matched["minutes"])
    if hours > _MAX_OFFSET_HOURS or (hours == _MAX_OFFSET_HOURS and minutes):
        raise InvalidValue
