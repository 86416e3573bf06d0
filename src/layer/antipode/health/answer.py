"""The answer: whether the Region can serve, and which parts fail or could not be looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from antipode.health.board import Condition, Part

# A response as an HTTP API takes it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
Response = dict[str, Any]


def answer(region: str, conditions: Mapping[Part, Condition]) -> Response:
    """503 if a part is failing and 200 if not: Route 53 reads the status alone."""
    failing = [part for part, each in conditions.items() if each is Condition.FAILING]
    degraded = [part for part, each in conditions.items() if each is Condition.DEGRADED]
    status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
    body = {"region": region, "healthy": not failing, "failing": failing, "degraded": degraded}
    return {
        "statusCode": int(status),
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "access-control-allow-origin": "*",  # a page that looks for a Region may read it
        },
        "body": json.dumps(body),
    }
