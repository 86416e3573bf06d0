from __future__ import annotations

import pytest

from localaws.route53.checks import Checked, Checks


@pytest.mark.parametrize(
    ("heard", "healthy"),
    [
        ([], True),
        ([False, False], True),
        ([False, False, False], False),
        ([False, False, True, False, False], True),
        ([False, False, False, True, True], False),
        ([False, False, False, True, True, True], True),
    ],
)
def test_a_region_is_believed_after_as_many_answers_as_the_threshold(
    heard: list[bool], healthy: bool
) -> None:
    checked = Checked(threshold=3)
    for well in heard:
        checked.hear(well)
    assert checked.is_healthy is healthy


def test_the_healthy_regions_are_those_that_are_held_to_be() -> None:
    checks = Checks({"eu-west-1": Checked(1), "ap-southeast-2": Checked(1)})
    checks.by_region["eu-west-1"].hear(False)
    assert checks.healthy == {"ap-southeast-2"}
