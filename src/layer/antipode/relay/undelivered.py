"""The message that holds a change which could not be published: all that a redrive needs."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Protocol

from antipode.json_values import Json

VERSION = 1

# What JSON may leave as it is and SQS replaces, so that the change would be another one.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_FOREIGN = re.compile("[\ud800-\udfff\ufffe\uffff]")


class UndeliveredQueue(Protocol):
    """Where such messages go."""

    async def send(self, body: str) -> None:
        """Stores one message.

        Raises:
            QueueRefusedError: it was not stored.
        """


@dataclass(frozen=True)
class Undelivered:
    """One change that could not be published, and why."""

    reason: str
    detail: str
    region: str
    model: str | None
    record: Json


def encode(undelivered: Undelivered) -> str:
    """The body of the message: of the characters that SQS takes, and no other escaped. As ASCII an
    item of another script has three times its size, and SQS takes 1 MiB."""
    message = {"version": VERSION} | asdict(undelivered)
    text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    return _FOREIGN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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
