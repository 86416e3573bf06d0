"""References in texts, as the SAM CLI's expansion leaves them alone."""

from __future__ import annotations

from typing import Any

import pytest

from antipode_tools.world.deployment.substitutions import plain


@pytest.mark.parametrize(
    ("text", "values", "written"),
    [
        ("${S}/${L}", {"L": {"Fn::GetAtt": ["R", "Arn"]}}, "${S}/${R.Arn}"),
        ("${L}", {"L": {"Fn::GetAtt": ["R", {"Ref": "Model"}]}}, "${R.${Model}}"),
        ("${L}", {"L": {"Ref": "R"}}, ["${L}", {"L": {"Ref": "R"}}]),
        (
            "${A}${B}",
            {"A": {"Fn::GetAtt": ["R", "Arn"]}, "B": "b"},
            ["${R.Arn}${B}", {"B": "b"}],
        ),
    ],
)
def test_a_reference_stands_in_the_text_itself(
    text: str, values: dict[str, Any], written: object
) -> None:
    node = {"Queue": [{"Fn::Sub": [text, values]}]}
    assert plain(node) == {"Queue": [{"Fn::Sub": written}]}


def test_all_else_stays() -> None:
    node = {"A": [1, "${B}", {"Fn::Sub": "${B}"}, {"Fn::GetAtt": ["R", "Arn"]}]}
    assert plain(node) == node
