"""The function's credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from antipode.relay.credentials import Credentials, LambdaCredentials
from antipode.relay.errors import CredentialsError

from tests.fakes.clock import Clock

URL = "http://169.254.100.1:9001/credentials"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


@dataclass
class Endpoint:
    """The endpoint of a function with SnapStart. Each answer has a key of its own."""

    expires: str = "2026-11-22T13:00:00Z"
    broken: bytes | None = None
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, headers: Mapping[str, str]) -> bytes:
        self.asked.append((url, headers))
        if self.broken is not None:
            return self.broken
        return json.dumps(
            {
                "AccessKeyId": f"key {len(self.asked)}",
                "SecretAccessKey": "secret",
                "Token": "token",
                "Expiration": self.expires,
            }
        ).encode()


def nowhere(url: str, headers: Mapping[str, str]) -> bytes:
    raise ConnectionRefusedError("nobody listens")


def test_the_environment_is_read_at_each_signing() -> None:
    environ = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c"}
    credentials = LambdaCredentials(environ, nowhere, Clock())
    assert credentials() == Credentials("a", "b", "c")
    environ["AWS_ACCESS_KEY_ID"] = "rotated"
    assert credentials() == Credentials("rotated", "b", "c")


def test_a_session_token_may_be_missing() -> None:
    environ = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    assert LambdaCredentials(environ, nowhere, Clock())() == Credentials("a", "b", None)


def test_with_snapstart_they_come_from_the_endpoint_with_its_token() -> None:
    endpoint = Endpoint()
    environ = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": URL,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let me in",
    }
    credentials = LambdaCredentials(environ, endpoint, Clock(NOON))
    assert credentials() == Credentials("key 1", "secret", "token")
    assert endpoint.asked == [(URL, {"Authorization": "let me in"})]


def test_a_token_in_a_file_is_read_each_time(tmp_path: Path) -> None:
    endpoint, clock, token = Endpoint(), Clock(NOON), tmp_path / "token"
    environ = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": URL,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token),
    }
    credentials = LambdaCredentials(environ, endpoint, clock)
    token.write_text("first\n")
    credentials()
    token.write_text("second\n")
    clock.now += 3_600
    credentials()
    assert [headers for _, headers in endpoint.asked] == [
        {"Authorization": "first"},
        {"Authorization": "second"},
    ]


def test_they_are_kept_until_a_minute_before_they_expire() -> None:
    clock = Clock(NOON)
    credentials = LambdaCredentials({"AWS_CONTAINER_CREDENTIALS_FULL_URI": URL}, Endpoint(), clock)
    assert credentials().access_key == "key 1"
    clock.now = NOON + 3_600 - 61
    assert credentials().access_key == "key 1"
    clock.now = NOON + 3_600 - 60
    assert credentials().access_key == "key 2"


def test_an_environment_without_any_says_so() -> None:
    with pytest.raises(CredentialsError) as raised:
        LambdaCredentials({}, nowhere, Clock())()
    assert str(raised.value) == "the environment holds no credentials and names no endpoint"


def test_an_endpoint_that_does_not_answer_is_named() -> None:
    environ = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": URL}
    with pytest.raises(CredentialsError) as raised:
        LambdaCredentials(environ, nowhere, Clock())()
    assert str(raised.value) == (
        f"no credentials from {URL}: ConnectionRefusedError('nobody listens')"
    )


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b"[]", b'{"AccessKeyId": "a"}'])
def test_an_endpoint_that_answers_something_else_gives_no_credentials(answer: bytes) -> None:
    environ = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": URL}
    credentials = LambdaCredentials(environ, Endpoint(broken=answer), Clock())
    with pytest.raises(CredentialsError, match=f"no credentials from {URL}"):
        credentials()


def test_secrets_are_not_shown() -> None:
    assert repr(Credentials("a", "b", "c")) == "Credentials(access_key='a')"
