"""How a Region is, told part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from antipode_tools.console.health import of_stacks
from antipode_tools.console.places import Place, Places
from antipode_tools.operate.stacks.errors import OperationError
from tests.fakes.places import a_lost_place, a_target

OUTPUTS = {"UndeliveredQueueUrl": "queue", "OnFailureBucketName": "bucket"}


@dataclass
class Stack:
    """Every service of a stack: a queue, a bucket and a parameter."""

    drained: str | None

    def client(self, *_: object, **__: object) -> Any:
        return self

    def get_queue_attributes(self, **_: object) -> Any:
        counts = {
            "ApproximateNumberOfMessages": "2",
            "ApproximateNumberOfMessagesNotVisible": "1",
        }
        return {"Attributes": counts}

    def list_objects_v2(self, **_: object) -> Any:
        return {"KeyCount": 4}

    def get_parameter(self, **_: object) -> Any:
        if self.drained is None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetParameter")
        return {"Parameter": {"Value": self.drained}}


def place(drained: str | None, **more: str) -> Place:
    session: Any = Stack(drained)
    target = replace(a_target(), session=session, outputs=OUTPUTS | more)
    return Place("ireland", "eu-west-1", lambda: target, lambda _: pytest.fail("not asked"))


async def test_each_part_is_told_and_what_there_is_not_is_none() -> None:
    health = of_stacks(Places([place("true")]))["health"]
    assert await health({"region": "ireland"}) == {
        "set_aside": {"found": {"messages": 3, "objects": 4}, "problem": ""},
        "drained": {"found": None, "problem": ""},
        "serving": {"found": None, "problem": ""},
    }


async def test_what_cannot_be_told_is_a_problem_of_its_own() -> None:
    refused = place(None, DrainedParameter="/antipode/drained")
    told = await of_stacks(Places([refused]))["health"]({"region": "ireland"})
    assert told["set_aside"]["problem"] == ""
    assert told["drained"]["problem"].startswith("cannot read /antipode/drained")
    drained = place("true", DrainedParameter="/antipode/drained")
    told = await of_stacks(Places([drained]))["health"]({"region": "ireland"})
    assert told["drained"] == {"found": True, "problem": ""}


@pytest.mark.parametrize("deed", ["health", "undelivered", "redrive"])
async def test_a_stack_that_is_not_found_is_said_to_be_so(deed: str) -> None:
    deeds = of_stacks(Places([a_lost_place("ireland", "eu-west-1")]))
    with pytest.raises(OperationError, match="the stack is not there"):
        await deeds[deed]({"region": "ireland"})
