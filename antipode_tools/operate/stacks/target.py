"""Which Region's stack a command is for, and where: on AWS, or in the local world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
    UsageError,
)
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project import config, local_world
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import ConfigError, Region, read_regions
from antipode_tools.project.stages import Stages, read_stages, stage_of
from antipode_tools.project.world_file import WorldFile, WorldFileError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_NOT_RUNNING = "the local world is not running: start it with make up"
_OTHER_VERSION = "start the local world again with antipode down && antipode up"


# The engine is on this machine: it answers at once or not at all. An empty map is no proxy.
_ENGINE = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 2}, proxies={})


@dataclass(frozen=True)
class Target:
    """One Region's stack.

    Args:
        arguments: what `session.client` needs, beside the service's name.
    """

    region: Region
    where: Where
    session: boto3.Session
    arguments: Mapping[str, Any]
    outputs: Mapping[str, str]

    def output(self, name: str) -> str:
        """What the stack says of itself under this name.

        Raises:
            OperationError: nothing, as it was deployed before there was such an output.
        """
        if name not in self.outputs:
            raise OperationError(
                f"stack {self.region.stack} in {self.region.code} has no output {name}:"
                " deploy this version"
            )
        return self.outputs[name]


def find(region: str, *, where: Where | None, world: WorldConfig) -> Target:
    """The stack of a Region, which is named as in samconfig.toml or by its code.

    Args:
        where: None takes the local world if it is running, and AWS if it is not.

    Raises:
        UsageError: there is no such Region.
        NotRunningError: there is no such world, or no stack in it.
    """
    chosen = named(region, world)
    match where:
        case Where.LOCAL:
            return _in_local_world(chosen, world)
        case Where.AWS:
            return _on_aws(chosen)
        case None if _look(world) is not None:
            return _in_local_world(chosen, world)
        case None:
            return _on_aws_by_default(chosen)


def load_world(root: Path | None = None, state: Path | None = None) -> WorldConfig:
    """The Regions of samconfig.toml, and where their local world would be.

    Args:
        root: the project, if not this one.
        state: the local world's folder, if not the project's own.

    Raises:
        UsageError: samconfig.toml cannot be read.
    """
    try:
        world = config.load(root=root or config.project_root(), state=state)
        every = tuple(read_regions(world.samconfig).values())
    except ConfigError as error:
        raise UsageError(str(error)) from error
    return replace(world, regions=every)


def running(world: WorldConfig) -> WorldFile:
    """What the local world says of itself.

    Raises:
        NotRunningError
        OperationError: another version of this program started it.
    """
    found = _look(world)
    if found is None:
        raise NotRunningError(_NOT_RUNNING)
    return found


def _look(world: WorldConfig) -> WorldFile | None:
    try:
        return local_world.find(world).world
    except WorldFileError as error:
        raise OperationError(f"{error}: {_OTHER_VERSION}") from error


def named(name: str, world: WorldConfig) -> Region:
    """The Region of samconfig.toml that has this name or this code, which is production's.

    Raises:
        UsageError: there is none, or there are several of this code.
    """
    stages = _stages(world)
    found = [
        each
        for each in world.regions
        if name == each.name or (name == each.code and not stage_of(each.name, stages))
    ]
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise UsageError(f"{name} is the Region of {names}: say which")
    if found:
        return found[0]
    known = ", ".join(f"{region.name} ({region.code})" for region in world.regions)
    raise UsageError(f"{world.samconfig.name} has no Region {name}; it has {known}")


def of_stage(stage: str, names: Sequence[str], world: WorldConfig) -> Sequence[Region]:
    """The Regions of a stage, or those of them that are named: ireland for staging-ireland.

    Args:
        stage: empty for production, of which any environment may be named.
        names: empty for all.

    Raises:
        UsageError: there is no such stage or Region.
    """
    stages = _stages(world)
    if stage and stage not in stages:
        raise UsageError(f"stages.toml has no stage {stage}; it has {', '.join(stages) or 'none'}")
    regions = [each for each in world.regions if stage_of(each.name, stages) == stage]
    if not regions:
        raise UsageError(
            f"{world.samconfig.name} has no environment of {stage or 'production'}:"
            f" docs/deploying.md shows one"
        )
    if not stage:
        return _each_once(named(name, world) for name in names) or regions
    within = replace(world, regions=tuple(regions))
    return _each_once(_within(stage, name, within) for name in names) or regions


def _each_once(regions: Iterable[Region]) -> list[Region]:
    """Whoever names one twice, by its name and by its code, means it once."""
    return list({region.name: region for region in regions}.values())


def _within(stage: str, name: str, world: WorldConfig) -> Region:
    for region in world.regions:
        if name in (region.code, region.name.removeprefix(f"{stage}-")):
            return region
    return named(name, world)


def _stages(world: WorldConfig) -> Stages:
    try:
        return read_stages(world.root)
    except ConfigError as error:
        raise UsageError(str(error)) from error


def _in_local_world(region: Region, world: WorldConfig) -> Target:
    found = running(world)
    if region.code not in found.regions:
        there = ", ".join(found.regions)
        raise NotRunningError(f"the local world has no {region.code}; it has {there}")
    if (served := found.regions[region.code].name) != region.name:
        raise NotRunningError(f"the local world's {region.code} is {served}, not {region.name}")
    session = boto3.Session(found.iam.access_key_id, found.iam.secret_access_key)
    arguments: dict[str, Any] = {
        "region_name": region.code,
        "endpoint_url": found.engine_url,
        "config": _ENGINE,
    }
    return Target(region, Where.LOCAL, session, arguments, found.regions[region.code].outputs)


def _on_aws_by_default(region: Region) -> Target:
    try:
        return _on_aws(region)
    except NoCredentials as error:
        raise NoCredentials(f"no local world is running (make up), and {error}") from error


def _on_aws(region: Region) -> Target:
    session = boto3.Session()
    arguments: dict[str, Any] = {"region_name": region.code}
    outputs = outputs_of(session.client("cloudformation", **arguments), region)
    return Target(region, Where.AWS, session, arguments, outputs)


def outputs_of(client: CloudFormationClient, region: Region) -> dict[str, str]:
    """The outputs of a Region's stack.

    Raises:
        NoCredentials
        NotRunningError: there is no such stack.
        OperationError: CloudFormation cannot be reached, or refuses.
    """
    with translated(f"cannot describe stack {region.stack} in {region.code}"):
        try:
            stack = client.describe_stacks(StackName=region.stack)["Stacks"][0]
        except ClientError as error:
            if "does not exist" not in error.response["Error"]["Message"]:
                raise
            raise NotRunningError(_undeployed(region)) from error
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _undeployed(region: Region) -> str:
    return (
        f"there is no stack {region.stack} in {region.code}:"
        f" deploy it with sam deploy --config-env {region.name}"
    )
