"""What can go wrong in the relay, as a tree:

* AntipodeError
    * DocumentsVersionError    publish.json is of another version than its reader: deploy again
    * RedriveVersionError      a redrive is of another version: deploy the relay and tool of one
    * NotAStreamEventError     the invocation is no stream batch: fix the caller
    * UnplacedFailureError     a failure that no sequence number can name: the whole batch failed
    * HttpError                what came back is no HTTP answer: try again
    * CredentialsError         no credentials just now: try again
    * QueueRefusedError        the queue of undelivered changes did not take one: the record failed
    * UndeliverableError       this change can never be published: keep it, go on
        * MalformedRecordError
        * UnknownModelError
        * TooLargeError
"""

from __future__ import annotations

from enum import StrEnum

from antipode.errors import AntipodeError


class DocumentsVersionError(AntipodeError):
    """publish.json is of a version that this relay does not read. Deploy again."""

    def __init__(self, found: object, known: int) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return (
            f"publish.json is of version {self.found} and the relay reads version {self.known}:"
            " run `antipode schema` and deploy"
        )


class RedriveVersionError(AntipodeError):
    """A redrive is of a version that this relay does not read. Nothing was published."""

    def __init__(self, found: object, known: int) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"the redrive is of version {self.found} and the relay reads version {self.known}"


class NotAStreamEventError(AntipodeError):
    """The event holds no list of records, so nothing can be published and nothing is lost."""

    def __str__(self) -> str:
        return "the event is no batch of stream records: it has no list named Records"


class UnplacedFailureError(AntipodeError):
    """A record failed and has no sequence number to report it by: fail the whole batch."""

    def __str__(self) -> str:
        return "a record without a sequence number failed, so the whole batch is to be sent again"


class HttpError(AntipodeError):
    """The other side does not speak HTTP/1.1 as agreed. Try again, on another connection."""


class CredentialsError(AntipodeError):
    """No credentials could be had. Try again: they come from the execution environment."""


class QueueRefusedError(AntipodeError):
    """The queue did not take a message. Treat the record as failed, never as done."""


class Reason(StrEnum):
    """Why a change is undelivered."""

    MALFORMED = "malformed"
    UNKNOWN_MODEL = "unknown-model"
    TOO_LARGE = "too-large"
    REJECTED = "rejected"


class UndeliverableError(AntipodeError):
    """A change that no retry can publish. Keep it as undelivered and go on with the next."""

    reason: Reason


class MalformedRecordError(UndeliverableError):
    """The record is not what a stream of new and old images holds."""

    reason = Reason.MALFORMED


class UnknownModelError(UndeliverableError):
    """The record comes from a table that is no model of the schema."""

    reason = Reason.UNKNOWN_MODEL

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table

    def __str__(self) -> str:
        return f"table {self.table} is no model of the schema"


class TooLargeError(UndeliverableError):
    """The announcement would exceed AppSync's limit even with nothing in it but its keys."""

    reason = Reason.TOO_LARGE

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size, self.limit = size, limit

    def __str__(self) -> str:
        return f"payload is {self.size} bytes with its keys alone, limit is {self.limit}"
