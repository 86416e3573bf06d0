from __future__ import annotations

import re

from antipode_tools.world.deployment.deployed_stack import Role
from antipode_tools.world.serving import signers
from localaws.iam.principals import Principal


def test_a_function_signs_as_a_session_of_its_role() -> None:
    assert signers.function(Role("antipode-RelayRole", "AROAEXAMPLE"), "relay") == Principal(
        access_key_id="000000000000",
        secret_access_key="test",
        session_token=None,
        arn="arn:aws:sts::000000000000:assumed-role/antipode-RelayRole/relay",
        user_id="AROAEXAMPLE:relay",
        account_id="000000000000",
    )


def test_every_world_has_an_administrator_with_new_keys() -> None:
    one, other = signers.administrator(), signers.administrator()
    assert re.fullmatch("AKIA[A-Z2-7]{16}", one.access_key_id)
    assert re.fullmatch("AIDA[A-Z2-7]{17}", one.user_id)
    assert re.fullmatch(r"[\w-]{40}", one.secret_access_key)
    assert one.arn == other.arn == "arn:aws:iam::000000000000:user/administrator"
    assert one.access_key_id != other.access_key_id
    assert one.secret_access_key != other.secret_access_key
