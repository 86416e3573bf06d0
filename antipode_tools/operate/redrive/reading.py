"""The texts of messages and objects to the records that they hold, and back."""

from __future__ import annotations

import json
from collections.abc import Set
from typing import NoReturn

from antipode.json_values import Json
from antipode.relay import undelivered

from antipode_tools.operate.redrive.identity import Identity, identify
from antipode_tools.operate.redrive.stored import Container, Location, Source, Unreadable


def of_message(message_id: str, body: str) -> Container | Unreadable:
    """What a message of the relay's queue holds."""
    place = Location(Source.QUEUE, message_id)
    try:
        message = undelivered.decode(body)
        encode(message.record)
    except (ValueError, RecursionError) as error:
        return Unreadable(place, _problem(error))
    return Container(place, (message.record,), str(message.reason), str(message.detail))


def of_object(key: str, text: bytes) -> Container | Unreadable:
    """What an object of Lambda's on-failure destination holds.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    place = Location(Source.BUCKET, key)
    try:
        document = _document(text)
        records = tuple(_records(document))
    except (ValueError, RecursionError) as error:
        return Unreadable(place, _problem(error))
    return Container(place, records, _condition(document))


def without(text: bytes, settled: Set[Identity]) -> bytes:
    """The text of an object without these records.

    By identity and not by place: another redrive may have taken records out in the meantime.
    """
    document = _document(text)
    left = [record for record in _records(document) if identify(record) not in settled]
    payload = json.dumps({"Records": left}, separators=(",", ":"))
    return json.dumps(document | {"payload": payload}, separators=(",", ":")).encode()


def encode(record: Json) -> bytes:
    """A record as JSON in ASCII, since Lambda refuses half a character pair and JSON does not.

    Raises:
        ValueError: it holds a number for which JSON has no form, and Lambda would refuse it.
    """
    try:
        return json.dumps(record, separators=(",", ":"), allow_nan=False).encode()
    except ValueError as error:
        raise ValueError("it holds a number that is infinite or none at all") from error


def _document(text: bytes) -> dict[str, Json]:
    document = json.loads(text)
    if not isinstance(document, dict):
        _refuse("the object is not a JSON object")
    return document


def _records(document: dict[str, Json]) -> list[Json]:
    payload = document.get("payload")
    if not isinstance(payload, str):
        _refuse("the object has no payload, which holds the records")
    event = json.loads(payload)
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records:
        _refuse("the object's payload holds no records")
    encode(records)
    return records


def _condition(document: dict[str, Json]) -> str:
    context = document.get("requestContext")
    condition = context.get("condition") if isinstance(context, dict) else None
    return condition if isinstance(condition, str) else "unknown"


def _problem(error: Exception) -> str:
    match error:
        case json.JSONDecodeError() | UnicodeDecodeError():
            return f"it is not JSON: {error}"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(error)


def _refuse(problem: str) -> NoReturn:
    raise ValueError(problem)
