"""Which claims of a token reach the resolvers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from antipode.authorizer.handing import Handing, load

RULES = Handing(groups=("cognito:groups",), texts=("email",))


@pytest.mark.parametrize(
    ("said", "handed"),
    [
        ({"cognito:groups": ["a", "b"]}, {"cognito:groups": '["a", "b"]'}),
        ({"email": "ada@example.com"}, {"email": "ada@example.com"}),
        ({"cognito:groups": "a"}, {"cognito:groups": '["a"]'}),
        ({"cognito:groups": []}, {"cognito:groups": "[]"}),
        ({"cognito:groups": '["admin"]'}, {"cognito:groups": '["[\\"admin\\"]"]'}),
        ({"cognito:groups": ["a", 1]}, {}),
        ({"cognito:groups": {"a": True}, "email": ["e"]}, {}),
        ({"cognito:groups": None, "email": 1}, {}),
        ({"phone": "1"}, {}),
    ],
)  # fmt: skip
def test_what_rules_ask_for_is_handed_on_if_it_is_of_its_kind(
    said: dict[str, Any], handed: dict[str, str]
) -> None:
    assert RULES.of(said) == handed


def test_what_is_asked_for_as_both_is_a_list() -> None:
    assert Handing(groups=("org",), texts=("org",)).of({"org": "x"}) == {"org": '["x"]'}


def test_the_projects_own_models_ask_for_none() -> None:
    told = Path(__file__).parents[4] / "src" / "authorizer" / "claims.json"
    assert load(told.read_text()) == Handing()
