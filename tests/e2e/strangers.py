"""A role that may call every API, and is not the relay's."""

from __future__ import annotations

import json
from dataclasses import replace

from antipode_tools.project.world_file import Keys
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.environment import ACCOUNT
from antipode_tools.world.serving.signers import administrator

STRANGER = replace(
    administrator(), arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/stranger/session", user_id="AROA1:s"
)
STRANGER_KEYS = Keys(STRANGER.access_key_id, STRANGER.secret_access_key)


def give_role(engine_url: str) -> None:
    """Make the role in the engine's IAM."""
    aws = Aws(engine_url)
    roles = aws.session.client("iam", **aws.at("us-east-1"))
    roles.create_role(RoleName="stranger", AssumeRolePolicyDocument="{}")
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": "*"}
    roles.put_role_policy(
        RoleName="stranger",
        PolicyName="all",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
