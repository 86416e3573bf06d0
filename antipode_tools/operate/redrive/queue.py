"""The relay's queue of undelivered changes, on SQS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from antipode_tools.operate.redrive.reading import of_message
from antipode_tools.operate.redrive.stored import Container, Unreadable
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# SQS takes and gives so many at a time:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
_AT_A_TIME = 10

# A Lambda function runs for at most 900 seconds, and a redrive waits while it does.
LONGEST_INVOCATION_S = 960.0


@dataclass(frozen=True, slots=True)
class Hold:
    """How long messages are hidden from other readers, and how long they are looked for.

    Args:
        hidden_s: after a crash they show again by themselves after this time.
        looking_s: at most; less than `hidden_s`, so that none shows again meanwhile.
        most: of the messages that are held; SQS allows 120,000 for all readers of a queue.
        poll_s: how long SQS looks for a message. At 0 it does not ask every server of the queue,
            and an answer may be empty by chance.
    """

    hidden_s: int
    looking_s: float
    most: int
    poll_s: int = 1


# To send again. Renewed as soon as less is left than an invocation may take.
TO_SEND = Hold(hidden_s=1_800, looking_s=600.0, most=20_000)

# To look at only: short, since the relay's alarms and other operators look at the queue as well.
TO_LOOK = Hold(hidden_s=120, looking_s=60.0, most=10_000)


class SqsQueue:
    """Reads and holds the messages of one queue."""

    def __init__(
        self, client: SQSClient, url: str, hold: Hold, *, clock: Callable[[], float]
    ) -> None:
        self._client, self._url, self._hold, self._clock = client, url, hold, clock
        self._receipts: dict[str, str] = {}
        self._held_since = clock()
        self.hidden = 0
        self.more = False

    def read(self) -> Iterator[Container | Unreadable]:
        """The messages that nobody else has; from then on they are held."""
        self.hidden = self._in_flight()
        self._held_since = self._clock()
        while messages := self._receive():
            for message in messages:
                # SQS may deliver one again; the last receipt is the one that deletes it.
                is_new = message["MessageId"] not in self._receipts
                self._receipts[message["MessageId"]] = message["ReceiptHandle"]
                if is_new:
                    yield of_message(message["MessageId"], message["Body"])
            if self._has_enough():
                self.more = True
                return

    def keep(self) -> None:
        """Goes on holding them for longer than any invocation takes."""
        if self._clock() - self._held_since < self._hold.hidden_s - LONGEST_INVOCATION_S:
            return
        self._held_since = self._clock()
        # One that cannot be held any longer, for SQS ends it after 12 hours, is sent all the same:
        # at worst another reader sends it too.
        self._hide(self._receipts, self._hold.hidden_s)

    def remove(self, names: Sequence[str]) -> Sequence[str]:
        """Deletes messages; gives those that SQS would not delete."""
        failed: list[str] = []
        for batch in _tens(names):
            failed += self._delete(batch)
        for name in set(names).difference(failed):
            del self._receipts[name]
        return failed

    def release(self) -> None:
        """Shows what is still held."""
        # What cannot be shown now shows by itself when its time is over.
        with suppress(OperationError):
            self._hide(self._receipts, 0)
        self._receipts.clear()

    def _in_flight(self) -> int:
        with translated(f"cannot read the attributes of {self._url}"):
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
            )
        return int(answer["Attributes"]["ApproximateNumberOfMessagesNotVisible"])

    def _has_enough(self) -> bool:
        looked_s = self._clock() - self._held_since
        return len(self._receipts) >= self._hold.most or looked_s >= self._hold.looking_s

    def _receive(self) -> Sequence[MessageTypeDef]:
        with translated(f"cannot receive messages of {self._url}"):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_AT_A_TIME,
                VisibilityTimeout=self._hold.hidden_s,
                WaitTimeSeconds=self._hold.poll_s,
            )
        return answer.get("Messages", [])

    def _delete(self, names: Sequence[str]) -> list[str]:
        with translated(f"cannot delete messages of {self._url}"):
            answer = self._client.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": self._receipts[name]}
                    for number, name in enumerate(names)
                ],
            )
        return [names[int(failure["Id"])] for failure in answer.get("Failed", [])]

    def _hide(self, names: Iterable[str], seconds: int) -> None:
        for batch in _tens([*names]):
            with translated(f"cannot change the visibility of messages of {self._url}"):
                self._client.change_message_visibility_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {
                            "Id": str(number),
                            "ReceiptHandle": self._receipts[name],
                            "VisibilityTimeout": seconds,
                        }
                        for number, name in enumerate(batch)
                    ],
                )


def _tens(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _AT_A_TIME] for start in range(0, len(names), _AT_A_TIME))
