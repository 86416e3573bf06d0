"""An answer on its way to CloudFormation, again while that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import BadStatusLine

import pytest
from antipode.replica.sending import send


@dataclass
class Mailbox:
    """Takes an answer after it has failed for each of `failures`."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def put(self, url: str, body: bytes) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((url, body))

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def test_an_answer_is_put_once() -> None:
    mailbox = Mailbox()
    send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == [("https://answer", b"{}")]
    assert mailbox.pauses == []


def test_an_answer_is_put_again_while_that_fails() -> None:
    mailbox = Mailbox([ConnectionResetError(), TimeoutError(), BadStatusLine("?")])
    send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == [("https://answer", b"{}")]
    assert mailbox.pauses == [1.0, 2.0, 4.0]


def test_the_last_failure_to_answer_is_raised_for_lambda_to_try_again() -> None:
    mailbox = Mailbox([OSError(str(attempt)) for attempt in range(4)])
    with pytest.raises(OSError, match=r"^3$"):
        send(b"{}", "https://answer", put=mailbox.put, sleep=mailbox.sleep)
    assert mailbox.taken == []
