"""Where the routes are: the store of the edge's stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from antipode_tools.operate.route.store import KeyValueStore, Store
from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
    UsageError,
)
from antipode_tools.operate.stacks.target import load_world, outputs_of
from antipode_tools.project import config
from antipode_tools.project.regions import ConfigError, Region

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_NO_STORE = (
    "stack {} has no routes, since it was deployed with Routing=LAMBDA: Route 53 chooses the"
    " Region, and antipode drain takes one out"
)


@dataclass(frozen=True)
class Edge:
    """The edge's stack.

    Args:
        domains: its Regions, each with its AppSync domain.
        regions: what samconfig.toml calls them.
    """

    name: str
    store: Store
    domains: Mapping[str, str]
    regions: tuple[Region, ...] = ()


def find(root: Path | None = None) -> Edge:
    """The edge that edge/samconfig.toml describes, on AWS.

    Raises:
        UsageError: samconfig.toml cannot be read.
        NoCredentials
        NotRunningError: there is no such stack.
        OperationError: it has no store.
    """
    root = root or config.project_root()
    stack = _stack(root)
    session = boto3.Session(region_name=stack.code)
    outputs = described(session.client("cloudformation"), stack)
    store = KeyValueStore(session.client("cloudfront-keyvaluestore"), outputs["RouteStoreArn"])
    return Edge(stack.stack, store, domains_of(outputs), load_world(root).regions)


def described(client: CloudFormationClient, stack: Region) -> dict[str, str]:
    """The outputs of an edge whose routes are in a store.

    Raises:
        NoCredentials
        NotRunningError: there is no such stack.
        OperationError: it has no store.
    """
    try:
        outputs = outputs_of(client, stack)
    except NoCredentials:
        raise
    except NotRunningError as error:
        raise NotRunningError(f"{error}, in the folder edge") from error
    if "RouteStoreArn" not in outputs:
        raise OperationError(_NO_STORE.format(stack.stack))
    return outputs


def domains_of(outputs: Mapping[str, str]) -> dict[str, str]:
    """The edge's Regions, each with its AppSync domain."""
    pairs = (pair.partition("=") for pair in outputs["Regions"].split(","))
    return {region: domain for region, _, domain in pairs}


def _stack(root: Path) -> Region:
    try:
        [stack] = config.load(root=root, samconfig=root / "edge" / "samconfig.toml").regions
    except (ConfigError, ValueError) as error:
        why = f"edge/samconfig.toml must describe one stack: {error}"
        raise UsageError(why) from error
    return stack
