"""IAM's policies, as the engine evaluates them."""

from __future__ import annotations

import asyncio
from typing import Any

from localaws.appsync.permissions import Evaluate

_ACTION = "appsync:GraphQL"


def simulator(iam: Any) -> Evaluate:
    """Asks a client of IAM's (boto3's, which is not typed here)."""

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
