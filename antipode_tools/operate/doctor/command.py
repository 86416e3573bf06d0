"""`antipode doctor --where aws`: what a deployment needs, and what is deployed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3

from antipode_tools.operate.doctor.aws import AwsAccount, AwsRegion
from antipode_tools.operate.doctor.checks import Patient, examine
from antipode_tools.operate.stacks.tables import table_names
from antipode_tools.operate.stacks.target import load_world, of_stage
from antipode_tools.project.finding import Finding
from antipode_tools.project.regions import Region

# Where IAM and the credentials of every Region are asked.
_GLOBAL = "us-east-1"


def on_aws(regions: Sequence[str], root: Path | None = None, stage: str = "") -> Iterator[Finding]:
    """What is found in these Regions of samconfig.toml, by default in every one of the stage.

    Args:
        stage: empty for production.

    Raises:
        UsageError: there is no such Region.
    """
    world = load_world(root)
    chosen = of_stage(stage, regions, world)
    session = boto3.Session()
    account = AwsAccount(
        session.client("sts", region_name=chosen[0].code),
        session.client("iam", region_name=_GLOBAL),
    )
    patients = [Patient(each, _services(session, each, world.root)) for each in chosen]
    return examine(account, patients, time.time())


def _services(session: boto3.Session, region: Region, root: Path) -> AwsRegion:
    at: dict[str, Any] = {"region_name": region.code}
    return AwsRegion(
        session.client("lambda", **at),
        session.client("cloudformation", **at),
        session.client("dynamodb", **at),
        session.client("appsync", **at),
        region.stack,
        table_names(root, region),
    )
