"""The tables of a backfill, on AWS or in the local world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from botocore.config import Config

from antipode_tools.operate.backfill.asked import Asked, Outside
from antipode_tools.operate.backfill.deciding import Form
from antipode_tools.operate.backfill.dynamodb import CLIENT, LANES, DynamoDBTable, Lanes, look
from antipode_tools.operate.backfill.report import Ends
from antipode_tools.operate.backfill.state import StateFile
from antipode_tools.operate.stacks.described import described
from antipode_tools.operate.stacks.errors import UsageError
from antipode_tools.operate.stacks.tables import models
from antipode_tools.operate.stacks.target import Target, find, load_world
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.tables import misnamed, table_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient

# As Regions are called: us-east-1, us-gov-west-1.
_CODE = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class Find(Protocol):
    """Where a Region's stack is found."""

    def __call__(self, region: str, *, where: Where | None, world: WorldConfig) -> Target: ...


@contextmanager
def deployed(
    asked: Asked, *, find: Find = find, announcing: Callable[[Target, str], bool] | None = None
) -> Iterator[Outside]:
    """Both tables, as long as they are needed.

    Args:
        find: gives the stack of a Region.
        announcing: whether a relay reads the streams of another Region.

    Raises:
        UsageError: there is no such model or Region, or both are one table.
        NotRunningError: there is no such stack.
        OperationError: there is no such table.
    """
    world = load_world(asked.root, asked.state)
    known = models(world.root)
    if asked.model not in known:
        raise UsageError(
            f"there is no model {asked.model} in graphql/models.graphql; it has {', '.join(known)}"
        )
    if reason := misnamed(asked.source):
        raise UsageError(f"{reason}. Its Region is said by --from")
    begins = _code(asked.begins, world)
    target = find(asked.to, where=asked.where, world=world)
    arrives = target.region.code
    ends = Ends(asked.source, begins or arrives, table_of(target.region, asked.model), arrives)
    if (ends.source, ends.begins) == (ends.target, ends.arrives):
        raise UsageError(f"{ends.source} is the table of {asked.model} itself")
    source_client, target_client = (dynamodb(target, each) for each in (ends.begins, arrives))
    source = look(source_client, ends.source, ends.begins)
    there = look(target_client, ends.target, arrives)
    if is_replica(ends, there.regions):
        raise UsageError(
            f"{ends.source} in {ends.begins} is a replica of the table of {asked.model} itself:"
            " DynamoDB brings its items"
        )
    name = f"{target.where}-{ends.source}-{ends.begins}-to-{ends.target}-{arrives}.json"
    with ThreadPoolExecutor(LANES) as pool:
        yield Outside(
            ends,
            DynamoDBTable(source_client, ends.source, ends.begins, tuple(source.key)),
            DynamoDBTable(target_client, ends.target, arrives, tuple(there.key)),
            tables=f"{source.id} {there.id}",
            form=Form(there.key, asked.stamp),
            items=source.items,
            regions=there.regions,
            announcing=[each for each in there.regions if (announcing or announces)(target, each)],
            file=StateFile((asked.folder or world.root / ".aws-sam" / "backfill") / name),
            together=Lanes(pool),
        )


def is_replica(ends: Ends, regions: Sequence[str]) -> bool:
    """Whether both are one global table.

    Args:
        regions: that have a replica of the target.
    """
    return ends.source == ends.target and ends.begins in regions


def _code(region: str, world: WorldConfig) -> str:
    """The code of a Region, which need not be in samconfig.toml; empty stays so."""
    code = next((each.code for each in world.regions if each.name == region), region)
    if code and not _CODE.fullmatch(code):
        known = ", ".join(each.name for each in world.regions)
        raise UsageError(
            f"--from {region} is no Region: name one of {known}, or a code (us-east-1)"
        )
    return code


def dynamodb(target: Target, region: str) -> DynamoDBClient:
    """DynamoDB of a Region, in the same account."""
    configured = target.arguments.get("config", Config()).merge(CLIENT)
    arguments = {**target.arguments, "region_name": region, "config": configured}
    client: DynamoDBClient = target.session.client("dynamodb", **arguments)
    return client


def announces(target: Target, region: str) -> bool:
    """Whether a relay reads the streams there."""
    client = target.session.client("cloudformation", **{**target.arguments, "region_name": region})
    return has_relay(client, target.region.stack, region)


def has_relay(client: CloudFormationClient, name: str, region: str) -> bool:
    """Whether a Region's stack has its relay on.

    Raises:
        OperationError: AWS does not tell.
    """
    with translated(f"cannot describe stack {name} in {region}"):
        stack = described(client, name)
    if stack is None:
        return False
    off = ("RelayEnabled", "false")
    return all(
        (each.get("ParameterKey"), each.get("ParameterValue")) != off
        for each in stack.get("Parameters", [])
    )
