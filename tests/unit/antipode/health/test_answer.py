from __future__ import annotations

import json
from itertools import chain, combinations

import pytest
from antipode.health.answer import answer
from antipode.health.board import Part


def test_a_region_that_can_serve_answers_200() -> None:
    response = answer("eu-west-1", [])
    assert response == {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": '{"region": "eu-west-1", "healthy": true, "failing": []}',
    }


@pytest.mark.parametrize(
    "failing", [*chain.from_iterable(combinations(Part, n) for n in range(1, len(Part) + 1))]
)
def test_a_region_that_cannot_answers_503_and_names_the_parts(failing: tuple[Part, ...]) -> None:
    response = answer("eu-west-1", list(failing))
    assert response["statusCode"] == 503
    assert json.loads(response["body"]) == {
        "region": "eu-west-1",
        "healthy": False,
        "failing": [str(part) for part in failing],
    }
