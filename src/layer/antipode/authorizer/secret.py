"""The secret that tokens are signed with, from this Region's replica of it in Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from antipode.authorizer.keys import Key, Keys
from antipode.authorizer.refusal import KeysUnavailableError
from antipode.idle import never_stale

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

ALGORITHM = "HS256"
# Not shorter than the hash (RFC 7518, section 3.2).
MIN_BYTES = 32

# AppSync gives an authorizer ten seconds, in which both versions may have to be asked for twice.
_CONFIG = Config(
    tcp_keepalive=True, connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2}
)

Stage = Literal["AWSCURRENT", "AWSPREVIOUS"]


def connect(region: str) -> SecretsManagerClient:
    """What SecretKeys asks."""
    return never_stale(boto3.client("secretsmanager", region_name=region, config=_CONFIG))


@dataclass(frozen=True)
class SecretKeys:
    """The current version of a secret, and the previous one: tokens outlive a rotation."""

    secret: str
    client: SecretsManagerClient

    def __call__(self) -> Keys:
        """Both versions, as they are now.

        Raises:
            KeysUnavailableError
        """
        try:
            return Keys(tuple(self._versions()))
        except (BotoCoreError, ClientError) as error:
            raise KeysUnavailableError(f"secret {self.secret} cannot be read: {error}") from error

    def _versions(self) -> Iterator[Key]:
        yield self._key(self._value("AWSCURRENT"))
        try:
            yield self._key(self._value("AWSPREVIOUS"))
        except ClientError as error:
            # It was never rotated.
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise

    def _value(self, stage: Stage) -> str:
        answer = self.client.get_secret_value(SecretId=self.secret, VersionStage=stage)
        return answer.get("SecretString", "")

    def _key(self, value: str) -> Key:
        if len(material := value.encode()) < MIN_BYTES:
            raise KeysUnavailableError(
                f"secret {self.secret} has {len(material)} bytes, and {MIN_BYTES} are needed"
            )
        return Key(ALGORITHM, material)
