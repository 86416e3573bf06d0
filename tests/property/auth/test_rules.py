"""Whatever rules there are, the API allows what they allow, and nothing else, and tells as much.

More of them, by hand: `python -m tests.property.auth --seconds 600`.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

from tests.examples import percent
from tests.property.auth.any_cases import any_case
from tests.property.auth.trial import tried

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_the_api_allows_what_the_rules_allow_and_nothing_else(dynamodb: DynamoDBClient) -> None:
    for seed in range(percent(50)):
        asyncio.run(tried(dynamodb, any_case(Random(seed), steps=40)))
