"""IAM's policies, as the engine evaluates them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

_ACTION = "appsync:GraphQL"

Evaluate = Callable[[str, str], Awaitable[bool]]
"""Whether the policies of an IAM user or role (its ARN) allow appsync:GraphQL on a resource."""


def simulator(iam: Any) -> Evaluate:
    """Evaluates policies with a boto3 client of IAM, which is not typed here."""

    async def evaluate(principal: str, resource: str) -> bool:
        answer = await asyncio.to_thread(
            iam.simulate_principal_policy,
            PolicySourceArn=principal,
            ActionNames=[_ACTION],
            ResourceArns=[resource],
        )
        decision: str = answer["EvaluationResults"][0]["EvalDecision"]
        return decision == "allowed"

    return evaluate
