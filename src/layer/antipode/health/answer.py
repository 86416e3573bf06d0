"""What is answered: whether the Region can serve, and if not, for which parts. Nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from antipode.health.board import Part

# A response as an HTTP API takes it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
Response = dict[str, Any]


def answer(region: str, failing: Sequence[Part]) -> Response:
    """200 from a Region that can serve, and 503 from one that cannot."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
    return {
        "statusCode": int(status),
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps({"region": region, "healthy": not failing, "failing": failing}),
    }
