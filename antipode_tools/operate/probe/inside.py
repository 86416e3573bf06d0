"""A probe from inside the Regions: each Region's canary writes and listens there."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from antipode.canary.order import VERSION, Order, as_event
from antipode.json_values import Json
from botocore.config import Config
from botocore.exceptions import ClientError

from antipode_tools.operate.probe.matrix import Heard, Kind, Write, judged
from antipode_tools.operate.probe.run import Plan, Result
from antipode_tools.operate.stacks.errors import NotRunningError, OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

CANARY = "CanaryFunctionName"

# Longer than the function may take. A second invocation would be another probe beside the first.
_INVOKING = Config(read_timeout=90, tcp_keepalive=True, retries={"total_max_attempts": 1})
_DEPLOY = "deploy this version"


@dataclass(frozen=True)
class Part:
    """What one Region wrote and heard."""

    writes: Sequence[Write]
    heard: Sequence[Heard]
    problems: Sequence[str]


def run_inside(
    targets: Sequence[Target],
    plan: Plan,
    *,
    client: Callable[[Target], LambdaClient] | None = None,
    run: str | None = None,
) -> Result:
    """Has the canary of every Region write and listen, all at once.

    Args:
        client: for the function of a Region.
        run: the probe's name; None for one that no other has.

    Raises:
        NotRunningError: a Region has no canary.
        OperationError: a canary cannot be invoked, or answers with no probe.
    """
    functions = [(target, _canary(target)) for target in targets]
    order = Order(
        run=run or secrets.token_hex(4),
        regions=tuple(target.region.code for target in targets),
        items=plan.items,
        pause_s=plan.pause_s,
        within_s=plan.within_s,
    )
    connect = client or functions_of
    with ThreadPoolExecutor(len(functions)) as threads:
        parts = list(
            threads.map(lambda each: _part(connect(each[0]), each[0], each[1], order), functions)
        )
    names = [target.region.name for target in targets]
    writes = [write for part in parts for write in part.writes]
    heard = [each for part in parts for each in part.heard]
    problems = [problem for part in parts for problem in part.problems]
    return Result(judged(names, writes, heard), problems)


def functions_of(target: Target) -> LambdaClient:
    """For the canary: its answer is waited for, and it is never asked twice."""
    configured = target.arguments.get("config", Config()).merge(_INVOKING)
    return target.session.client("lambda", **{**target.arguments, "config": configured})


def _canary(target: Target) -> str:
    if not (name := target.outputs.get(CANARY)):
        region = target.region
        raise NotRunningError(
            f"stack {region.stack} in {region.code} has no canary to write and listen there:"
            f" {_DEPLOY} with CanaryModel (docs/operations.md, A canary), or leave --from out"
        )
    return name


def _part(client: LambdaClient, target: Target, name: str, order: Order) -> Part:
    event = json.dumps(as_event(order)).encode()
    with translated(f"cannot invoke the canary of {target.region.name} ({name})"):
        try:
            answer = client.invoke(FunctionName=name, Payload=event)
            payload = answer["Payload"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException":
                raise
            raise OperationError(
                f"these credentials may not invoke the canary of {target.region.name}: they need"
                f" lambda:InvokeFunction on {name} in {target.region.code}"
            ) from error
    if answer.get("FunctionError"):
        raise OperationError(f"the canary of {target.region.name} failed: {_why(payload)}")
    return _read(payload, target)


def _read(payload: bytes, target: Target) -> Part:
    name = target.region.name
    try:
        told = json.loads(payload)
        if told.get("version") != VERSION:
            raise OperationError(f"the canary of {name} knows no such probe: {_DEPLOY}")
        return Part(
            [Write(name, each["item"], Kind(each["kind"]), each["at"]) for each in told["writes"]],
            [_heard(name, each) for each in told["heard"]],
            [f"{name}: {problem}" for problem in told["problems"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OperationError(
            f"the canary of {name} does not say what it wrote and heard: {_DEPLOY}"
        ) from error


def _heard(region: str, told: Json) -> Heard:
    return Heard(
        region,
        told["item"],
        Kind(told["kind"]),
        told["change"],
        int(told["sequence"]),
        told["at"],
    )


def _why(payload: bytes) -> str:
    """What the runtime says of a function that raised or timed out."""
    try:
        said = json.loads(payload)
        return f"{said.get('errorType', 'error')}: {said.get('errorMessage', '')}".rstrip(": ")
    except (ValueError, AttributeError):
        return "it did not say why"
