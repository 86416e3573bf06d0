"""A change to the GraphQL request that announces it, made to fit AppSync's limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from antipode.json_values import Json
from antipode.relay.attributes import encode_fields, join, quoted
from antipode.relay.change import Change, timestamp
from antipode.relay.documents import Model, Mutation
from antipode.relay.earlier import earlier
from antipode.relay.errors import MalformedRecordError, TooLargeError

# AppSync drops what a subscriber would get above 240 KB (245,760 bytes) and tells the publisher
# nothing. 244,440 bytes were seen to arrive and 247,040 not; what the service counts besides the
# payload is not documented, so the margin is 1,320 bytes.
# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_PAYLOAD_BYTES = 244_440

# Dropped last: a subscriber orders and places an announcement by the stamps. Before them goes _was:
# a field that is missing can be read, and nobody reads an item that they were not told has left.
_STAMPS = frozenset({"createdAt", "updatedAt", "updatedIn", "version"})
_RANKS = {"_was": 1, **dict.fromkeys(_STAMPS, 2)}


@dataclass(frozen=True, slots=True)
class Publication:
    """One request to AppSync, and the fields that had to be left out of it."""

    field: str
    body: bytes
    dropped: tuple[str, ...]


def publication(
    change: Change, model: Model, *, region: str, limit: int = MAX_PAYLOAD_BYTES
) -> Publication:
    """The request that announces a change in a Region, at most `limit` bytes as a payload.

    Raises:
        MalformedRecordError: an attribute cannot be decoded.
        TooLargeError: the keys alone are over the limit.
    """
    mutation = model.mutations[change.kind]
    fields = encode_fields(change.image, model.fields)
    if model.earlier:
        fields["_was"] = earlier(change, model)
    fields["_change"] = _provenance(change, region)
    try:
        dropped = _fit(fields, change, model, mutation, limit)
        return Publication(mutation.field, _body(mutation, fields), dropped)
    except UnicodeEncodeError as error:
        raise MalformedRecordError("the record is malformed: half a character pair") from error


def _provenance(change: Change, region: str) -> str:
    recorded = change.header.recorded_at
    return join(
        {
            "id": quoted(change.header.id),
            "kind": f'"{change.kind}"',
            "sequence": f'"{change.sequence}"',
            "region": f'"{region}"',
            "recordedAt": "null" if recorded is None else f'"{timestamp(recorded)}"',
        }
    )


def _fit(
    fields: dict[str, str], change: Change, model: Model, mutation: Mutation, limit: int
) -> tuple[str, ...]:
    """Sets fields to null, the largest first, until the payload is within the limit."""
    sizes = {
        name: _size(text, as_string=name in model.json_fields) for name, text in fields.items()
    }
    size = len(f'{{"data":{{"{mutation.subscription}":{{}}}}}}') + _members(sizes)
    if size <= limit:
        return ()
    dropped: list[str] = []
    for name in _droppable(sizes, change.keys):
        size -= sizes[name] - len("null")
        fields[name] = "null"
        dropped.append(name)
        if size <= limit:
            return tuple(dropped)
    raise TooLargeError(size, limit)


def _members(sizes: Mapping[str, int]) -> int:
    """What an object's members take, with their names and the commas between them."""
    return sum(len(name) + len('"":') + size for name, size in sizes.items()) + len(sizes) - 1


def _droppable(sizes: Mapping[str, int], keys: Mapping[str, Json]) -> list[str]:
    """The fields that may go, the first to go first."""
    candidates = [
        name
        for name, size in sizes.items()
        if name not in keys and name != "_change" and size > len("null")
    ]
    return sorted(candidates, key=lambda name: (_RANKS.get(name, 0), -sizes[name], name))


def _size(text: str, *, as_string: bool) -> int:
    size = len(text.encode())
    return size + 2 + text.count('"') + text.count("\\") if as_string else size


def _body(mutation: Mutation, fields: Mapping[str, str]) -> bytes:
    variables = f'{{"change":{quoted(join(fields))}}}'
    return f'{{"query":{mutation.query},"variables":{variables}}}'.encode()
