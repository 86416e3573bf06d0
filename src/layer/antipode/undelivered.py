"""The message that holds a change which could not be announced: all that a redrive needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol

from antipode.attributes import Json

VERSION = 1


class UndeliveredQueue(Protocol):
    """Where such messages go."""

    def send(self, body: str) -> None:
        """Stores one message.

        Raises:
            QueueRefusedError: it was not stored.
        """


@dataclass(frozen=True)
class Undelivered:
    """One change that was set aside, and why."""

    reason: str
    detail: str
    region: str
    model: str | None
    record: Json


def encode(undelivered: Undelivered) -> str:
    """The body of the message: ASCII, since SQS refuses some characters and JSON none."""
    return json.dumps({"version": VERSION} | asdict(undelivered), separators=(",", ":"))


def decode(body: str) -> Undelivered:
    """What a message says.

    Raises:
        ValueError: it is no such message, or one of a later version.
    """
    message = json.loads(body)
    if not isinstance(message, dict) or message.pop("version", None) != VERSION:
        raise ValueError(f"the message is not an undelivered change of version {VERSION}")
    try:
        return Undelivered(**message)
    except TypeError as error:
        raise ValueError("the message has not the fields of an undelivered change") from error
