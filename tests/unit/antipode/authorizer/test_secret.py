"""The secret, as Secrets Manager holds it (moto's)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from antipode.authorizer.keys import Key, Keys
from antipode.authorizer.refusal import KeysUnavailableError
from antipode.authorizer.secret import SecretKeys, connect
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "antipode-token"
OLD, NEW = "o" * 64, "n" * 64


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManagerClient]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="eu-west-1")


def keys() -> Keys:
    return SecretKeys(NAME, connect("eu-west-1"))()


def unavailable() -> str:
    with pytest.raises(KeysUnavailableError) as raised:
        keys()
    return str(raised.value)


def test_a_secret_that_was_never_rotated_is_one_key(secrets: SecretsManagerClient) -> None:
    secrets.create_secret(Name=NAME, SecretString=OLD)
    assert keys() == Keys((Key("HS256", OLD.encode()),))


def test_a_secret_that_was_rotated_is_two_keys_the_current_one_first(
    secrets: SecretsManagerClient,
) -> None:
    secrets.create_secret(Name=NAME, SecretString=OLD)
    secrets.put_secret_value(SecretId=NAME, SecretString=NEW)
    assert keys() == Keys((Key("HS256", NEW.encode()), Key("HS256", OLD.encode())))


def test_one_client_serves_for_every_fetch(secrets: SecretsManagerClient) -> None:
    secrets.create_secret(Name=NAME, SecretString=OLD)
    source = SecretKeys(NAME, connect("eu-west-1"))
    assert source() == source()


def test_a_request_ends_in_the_time_that_appsync_gives() -> None:
    config: Any = connect("eu-west-1").meta.config  # its type knows no option
    assert (config.connect_timeout, config.read_timeout) == (1, 1)
    assert (config.tcp_keepalive, config.retries["total_max_attempts"]) == (True, 2)


def test_a_secret_that_is_not_there_is_unavailable(secrets: SecretsManagerClient) -> None:
    assert unavailable().startswith(
        "secret antipode-token cannot be read: An error occurred (ResourceNotFoundException)"
    )


def test_a_secret_of_another_region_is_unavailable(secrets: SecretsManagerClient) -> None:
    secrets.create_secret(Name=NAME, SecretString=OLD)
    with pytest.raises(KeysUnavailableError):
        SecretKeys(NAME, connect("us-east-1"))()


def test_a_secret_that_cannot_be_reached_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert unavailable().startswith("secret antipode-token cannot be read: Could not connect")


@pytest.mark.parametrize(("value", "length"), [("short", 5), ("x" * 31, 31)])
def test_a_secret_that_could_be_guessed_is_unusable(
    secrets: SecretsManagerClient, value: str, length: int
) -> None:
    secrets.create_secret(Name=NAME, SecretString=value)
    assert unavailable() == f"secret antipode-token has {length} bytes, and 32 are needed"


def test_a_secret_without_a_text_is_unusable(secrets: SecretsManagerClient) -> None:
    secrets.create_secret(Name=NAME, SecretBinary=b"x" * 64)
    assert unavailable() == "secret antipode-token has 0 bytes, and 32 are needed"
