from __future__ import annotations

from antipode_tools.world.deployment.deploy import development, unlike


def test_parameters_are_named_whose_default_is_another_than_the_stack_has() -> None:
    running = {"AuthMode": "API_KEY", "HomeRegion": "eu-west-1", "Gone": "x"}
    wanted = {"AuthMode": "AWS_IAM", "HomeRegion": "eu-west-1", "New": "y"}
    assert unlike(running, wanted) == {"AuthMode": "AWS_IAM"}


def test_the_schema_of_a_development_stack_can_be_queried_where_the_template_knows_of_it() -> None:
    template = {"Parameters": {"Introspection": {"Default": "DISABLED"}}}
    assert development(template) == {"Introspection": "ENABLED"}
    assert development({}) == {}
