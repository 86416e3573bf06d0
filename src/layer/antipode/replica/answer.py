"""What a custom resource answers CloudFormation.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# CloudFormation takes 4,096 bytes, in which the labels of a stack's streams fit: a model takes some
# fifty, and no stack has room for forty models. A character of a reason is at most six of them in
# JSON (\\u0000), which leaves a thousand for the ids that have to come along.
MAX_REASON_CHARACTERS = 512

# A request as CloudFormation sends it: JSON, read where it is used.
Request = Mapping[str, Any]


class Status(StrEnum):
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Answer:
    """How a request ended. `reason` is what the stack's events show when it failed."""

    status: Status
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


def document(request: Request, answer: Answer) -> bytes:
    """The answer as CloudFormation expects it, of at most 4,096 bytes."""
    return json.dumps(
        {
            "Status": answer.status,
            "Reason": answer.reason[:MAX_REASON_CHARACTERS],
            # The same for good: CloudFormation takes a new one for a new resource.
            "PhysicalResourceId": request.get("PhysicalResourceId", request["LogicalResourceId"]),
            "StackId": request["StackId"],
            "RequestId": request["RequestId"],
            "LogicalResourceId": request["LogicalResourceId"],
            "Data": dict(answer.data),
        },
        ensure_ascii=False,
    ).encode(errors="replace")
