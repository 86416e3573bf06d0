"""Who may sign requests in the local world, in place of IAM.

The engine gives every function the same constant credentials: in each Region they stand for the
relay's role. Everyone else signs as the administrator, whose keys are made anew for each world.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from antipode_tools.world.deployment.deployed_stack import Role
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.environment import ACCOUNT
from localaws.iam.principals import Principal

# What the engine puts into every function's environment.
_FUNCTION_ACCESS_KEY = ACCOUNT
_FUNCTION_SECRET_KEY = "test"


@dataclass(frozen=True)
class Signers:
    """Who may sign requests besides the relay: the administrator, and others in tests."""

    administrator: Principal
    others: Sequence[Principal] = ()


def function(role: Role, name: str) -> Principal:
    """The principal that a function signs as: its role's session."""
    return Principal(
        access_key_id=_FUNCTION_ACCESS_KEY,
        secret_access_key=_FUNCTION_SECRET_KEY,
        session_token=None,
        arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/{name}",
        user_id=f"{role.role_id}:{name}",
        account_id=ACCOUNT,
    )


def administrator() -> Principal:
    """An IAM user with a new pair of keys, for tests and clients."""
    return Principal(
        access_key_id=f"AKIA{_letters(16)}",
        secret_access_key=secrets.token_urlsafe(30),
        session_token=None,
        arn=f"arn:aws:iam::{ACCOUNT}:user/administrator",
        user_id=f"AIDA{_letters(17)}",
        account_id=ACCOUNT,
    )


def enrol(aws: Aws, user: Principal) -> None:
    """Create a user in the engine's IAM, with a policy that allows everything."""
    iam = aws.session.client("iam", **aws.at("us-east-1"))  # IAM is one for all Regions
    name = user.arn.rpartition("/")[2]
    iam.create_user(UserName=name)
    iam.put_user_policy(
        UserName=name,
        PolicyName="everything",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
            }
        ),
    )


def _letters(count: int) -> str:
    """Random letters from the alphabet of IAM's identifiers."""
    return base64.b32encode(secrets.token_bytes(count)).decode()[:count]
