"""Replication between the Regions of a world, which the engine leaves to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from antipode_tools.world.background import Background
from antipode_tools.world.engine.aws import Aws
from localaws.dynamodb.aws import AwsTables
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.replication import Network
from localaws.dynamodb.writes import Tables


def replicate(
    aws: Aws,
    codes: Sequence[str],
    network: Network,
    *,
    applied: Callable[[str, Tables], None],
    background: Background,
    exits: AsyncExitStack,
) -> GlobalTables:
    """Replicate the tables that are followed, until `exits` ends it.

    Args:
        applied: called with a Region and its tables whenever something was replicated to them.
    """
    services = {code: AwsTables.connect(aws.session, code, aws.endpoint) for code in codes}
    for each in services.values():
        exits.callback(each.close)
    tables = GlobalTables(services, network, applied=applied)
    background.run(tables.run(), "the replication")
    return tables
