from __future__ import annotations

import json
from itertools import product

import pytest
from antipode.health.answer import answer
from antipode.health.board import Condition, Part


def test_a_region_that_can_serve_answers_200() -> None:
    response = answer("eu-west-1", dict.fromkeys(Part, Condition.WELL))
    assert response == {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "access-control-allow-origin": "*",
        },
        "body": '{"region": "eu-west-1", "healthy": true, "failing": [], "degraded": []}',
    }


@pytest.mark.parametrize("conditions", list(product(Condition, repeat=len(Part))))
def test_a_region_answers_503_exactly_if_a_part_fails_and_names_what_is_not_well(
    conditions: tuple[Condition, ...],
) -> None:
    response = answer("eu-west-1", dict(zip(Part, conditions, strict=True)))
    failing, degraded = (
        [str(part) for part, each in zip(Part, conditions, strict=True) if each is wanted]
        for wanted in (Condition.FAILING, Condition.DEGRADED)
    )
    assert response["statusCode"] == (503 if failing else 200)
    assert json.loads(response["body"]) == {
        "region": "eu-west-1",
        "healthy": not failing,
        "failing": failing,
        "degraded": degraded,
    }
