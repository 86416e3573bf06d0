"""The secret that signs tokens, in one Region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from antipode_tools.operate.cleanup.leftovers import Secret
from antipode_tools.operate.cleanup.s3 import STACK_TAG
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True)
class SecretsManagerSecrets:
    """The Secrets of the home Region."""

    client: SecretsManagerClient
    stack: str

    @property
    def name(self) -> str:
        """By the template."""
        return f"{self.stack}-token"

    def find(self) -> Secret | None:
        """The secret, even one that is to be deleted later: its name is not free until then."""
        with translated(f"cannot look at secret {self.name} in {self.client.meta.region_name}"):
            try:
                found = self.client.describe_secret(SecretId=self.name)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                return None
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        stack = tags.get(STACK_TAG)
        reason = f"it is tagged as one of stack {stack}" if stack else "no stack made it"
        return Secret(
            self.name,
            frozenset(replica["Region"] for replica in found.get("ReplicationStatus", [])),
            foreign="" if stack == self.stack else reason,
        )

    def release(self, secret: Secret) -> None:
        """Removes its replicas, which are deleted with it."""
        with translated(f"cannot remove the replicas of secret {secret.name}"):
            self.client.remove_regions_from_replication(
                SecretId=secret.name, RemoveReplicaRegions=sorted(secret.replicas)
            )

    def delete(self, name: str) -> None:
        """Deletes it without the usual delay, which would keep its name taken."""
        with translated(f"cannot delete secret {name} in {self.client.meta.region_name}"):
            self.client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
