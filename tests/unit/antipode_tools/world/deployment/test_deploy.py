from __future__ import annotations

from antipode_tools.world.deployment.deploy import unlike


def test_parameters_are_named_whose_default_is_another_than_the_stack_has() -> None:
    running = {"AuthMode": "API_KEY", "HomeRegion": "eu-west-1", "Gone": "x"}
    wanted = {"AuthMode": "AWS_IAM", "HomeRegion": "eu-west-1", "New": "y"}
    assert unlike(running, wanted) == {"AuthMode": "AWS_IAM"}
