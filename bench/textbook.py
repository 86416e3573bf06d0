"""A relay as the documentation of its parts would have it, to measure ours against.

Powertools' batch processor hands over one record at a time, which one signed call of a requests
session publishes. Nothing in it is slowed down on purpose; the session even keeps its connection.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import Any

import requests
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from requests_aws4auth import AWS4Auth  # type: ignore[import-untyped] # it has no types

_KINDS = {"INSERT": "Create", "MODIFY": "Update", "REMOVE": "Delete"}

_processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
_session = requests.Session()


def handler(event: dict[str, Any], context: Any) -> Any:
    """Publishes a batch, one record after the other."""
    return process_partial_response(event, _publish, _processor, context)


def _publish(record: DynamoDBRecord) -> None:
    assert record.event_name is not None
    assert record.dynamodb is not None
    field = f"publish{_KINDS[record.event_name.name]}ItemsModel"
    item = record.dynamodb.new_image or record.dynamodb.old_image
    response = _session.post(
        os.environ["GRAPHQL_URL"],
        json={
            "query": f"mutation Publish($change: AWSJSON!) {{ {field}(change: $change) "
            "{ id item createdAt updatedAt version updatedIn "
            "_change { id kind sequence region recordedAt } } }",
            "variables": {"change": json.dumps(item, default=_number)},
        },
        auth=_auth(),
        timeout=10,
    )
    response.raise_for_status()
    if errors := response.json().get("errors"):
        raise RuntimeError(errors)


def _number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def _auth() -> AWS4Auth:
    return AWS4Auth(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        os.environ["AWS_REGION"],
        "appsync",
        session_token=os.environ["AWS_SESSION_TOKEN"],
    )
