"""A probe from inside the Regions: what the canaries are asked, and what their answers mean."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from antipode.canary.order import Noted, Order, as_answer, as_event
from botocore.config import Config
from botocore.response import StreamingBody
from botocore.stub import Stubber

from antipode_tools.operate.probe.inside import functions_of, run_inside
from antipode_tools.operate.probe.matrix import Cell
from antipode_tools.operate.probe.run import Plan, Result
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region

PLAN = Plan(items=1, pause_s=0.5, within_s=30)
ORDER = Order("r1", ("eu-west-1", "ap-southeast-2"), 1, 0.5, 30.0)
CODES = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}


def target(name: str) -> Target:
    region = Region(name, CODES[name], "antipode", {})
    outputs = {"CanaryFunctionName": f"canary-of-{name}"}
    session = boto3.Session("key", "secret", region_name=CODES[name])
    return Target(region, Where.AWS, session, {"region_name": CODES[name]}, outputs)


TARGETS = [target("ireland"), target("sydney")]


def noted(name: str, at: float, *heard_at: float) -> Noted:
    """A Region that wrote once, and heard of one write of each."""
    return Noted(
        writes=[{"item": f"probe-{name}", "kind": "CREATE", "at": at}],
        heard=[
            {
                "item": f"probe-{writer}",
                "kind": "CREATE",
                "change": f"{writer}-in-{name}",
                "sequence": "12345678901234567890",
                "at": when,
            }
            for writer, when in zip(CODES, heard_at, strict=False)
        ],
    )


@dataclass
class Functions:
    """The canaries, by their names, which answer only once all of them have been asked."""

    answers: Mapping[str, bytes]
    error: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    all_asked: threading.Barrier = field(default_factory=lambda: threading.Barrier(2, timeout=10))

    def invoke(self, FunctionName: str, Payload: bytes) -> Any:
        self.asked[FunctionName] = json.loads(Payload)
        self.all_asked.wait()
        answer = self.answers[FunctionName]
        told = {"Payload": StreamingBody(io.BytesIO(answer), len(answer))}
        return told | ({"FunctionError": self.error} if self.error else {})


def run(functions: Functions) -> Result:
    return run_inside(TARGETS, PLAN, client=lambda _: functions, run="r1")  # type: ignore[arg-type, return-value] # a client in memory


def answers(**parts: Noted) -> dict[str, bytes]:
    return {
        f"canary-of-{name}": json.dumps(as_answer(part)).encode() for name, part in parts.items()
    }


def test_all_regions_are_asked_at_once_and_their_notes_make_one_matrix() -> None:
    functions = Functions(
        answers(
            ireland=noted("ireland", 100.0, 100.05, 100.4), sydney=noted("sydney", 100.1, 100.3)
        )
    )
    result = run(functions)
    assert functions.asked == dict.fromkeys(functions.answers, as_event(ORDER))
    assert result == Result(
        {
            "ireland": {"ireland": Cell([50]), "sydney": Cell([300])},
            "sydney": {"ireland": Cell([300]), "sydney": Cell([], lost=1)},
        },
        [],
    )


def test_what_went_wrong_in_a_region_is_told_with_its_name() -> None:
    ireland = noted("ireland", 100.0, 100.0)
    deaf = replace(noted("sydney", 100.0), problems=["nothing was heard: no"])
    result = run(Functions(answers(ireland=ireland, sydney=deaf)))
    assert result.problems == ["sydney: nothing was heard: no"]


def test_clocks_that_disagree_make_no_time_less_than_none() -> None:
    parts = answers(ireland=noted("ireland", 100.0), sydney=noted("sydney", 100.0, 99.9))
    assert run(Functions(parts)).matrix["ireland"]["sydney"] == Cell([0])


@pytest.mark.parametrize(
    ("answer", "error", "why"),
    [
        (
            b'{"heard": {}, "ages": {}, "missing": {}}',
            "",
            "the canary of ireland knows no such probe: deploy this version",
        ),
        (
            b'{"version": 1, "writes": [{}], "heard": [], "problems": []}',
            "",
            "the canary of ireland does not say what it wrote and heard: deploy this version",
        ),
        (
            b"[]",
            "",
            "the canary of ireland does not say what it wrote and heard: deploy this version",
        ),
        (
            b'{"errorType": "OrderError", "errorMessage": "what is asked is no probe"}',
            "Unhandled",
            "the canary of ireland failed: OrderError: what is asked is no probe",
        ),
        (b"", "Unhandled", "the canary of ireland failed: it did not say why"),
    ],
)
def test_an_answer_that_is_none_stops_it(answer: bytes, error: str, why: str) -> None:
    functions = Functions(dict.fromkeys(["canary-of-ireland", "canary-of-sydney"], answer), error)
    with pytest.raises(OperationError) as raised:
        run(functions)
    assert str(raised.value) == why


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "AccessDeniedException",
            "these credentials may not invoke the canary of ireland: they need"
            " lambda:InvokeFunction on canary-of-ireland in eu-west-1",
        ),
        (
            "ResourceNotFoundException",
            "cannot invoke the canary of ireland (canary-of-ireland): An error occurred"
            " (ResourceNotFoundException) when calling the Invoke operation: no",
        ),
    ],
)
def test_who_may_not_invoke_is_told_what_is_missing(code: str, why: str) -> None:
    client = functions_of(TARGETS[0])
    with Stubber(client) as stubber:
        stubber.add_client_error("invoke", code, "no")
        with pytest.raises(OperationError) as raised:
            run_inside(TARGETS[:1], PLAN, client=lambda _: client)
    assert str(raised.value) == why


def test_a_stack_without_a_canary_is_named_before_any_other_is_asked() -> None:
    functions = Functions({})
    none = replace(TARGETS[1], outputs={})
    with pytest.raises(OperationError, match=r"^stack antipode in ap-southeast-2 has no canary"):
        run_inside([TARGETS[0], none], PLAN, client=lambda _: functions)  # type: ignore[arg-type, return-value] # a client in memory
    assert functions.asked == {}


def test_a_canary_is_asked_once_and_waited_for_as_long_as_it_may_take() -> None:
    local = replace(
        TARGETS[0], arguments={"region_name": "eu-west-1", "config": Config(proxies={})}
    )
    for each in (TARGETS[0], local):
        config: Any = functions_of(each).meta.config
        assert (config.read_timeout, config.retries["total_max_attempts"]) == (90, 1)
    assert config.proxies == {}
